import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CheckStep } from '@/lib/connectors/contract'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { CutSource, bothTables, cutSync, gate, over, partsSync } from '@/test/parts-room'
import { hasNoPgbouncer, startPgbouncer, type PgBouncer, type Pooled } from '@/test/servers/pgbouncer'
import { makeSchema, type JobChange } from '@/test/sync-room'

let database: FreshDatabase
let room: SourceRoom
let config: PostgresConfig
let pooler: PgBouncer
let isOpen = false
const clients: pg.Client[] = []

beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
})
afterAll(async () => {
  await room.close()
  await database.drop()
})

async function open(change: Partial<Pooled> & Pick<Pooled, 'mode'>): Promise<void> {
  const { user, password } = room.server
  pooler = await startPgbouncer({ server: room.server, passwords: { [user]: password }, ...change })
  config = PostgresConfig.parse({ ...room.server, port: pooler.port, schema: 'public', sslmode: 'disable' })
  isOpen = true
}

async function close(): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)))
  if (isOpen) await pooler.stop()
  isOpen = false
}

/** Somebody else, at the server or through the pooler. */
async function clientAt(port: number, name?: string): Promise<pg.Client> {
  const client = new pg.Client({ ...room.server, port, ...(name === undefined ? {} : { application_name: name }) })
  client.on('error', () => undefined)
  clients.push(client)
  await client.connect()
  return client
}

async function lastStep(change: Partial<PostgresConfig> = {}): Promise<CheckStep | undefined> {
  let last: CheckStep | undefined
  for await (const step of postgres.check({ ...config, ...change }, new AbortController().signal)) last = step
  return last
}

const ROWS = 3000

async function makeTable(name: string) {
  await room.run(`CREATE TABLE ${name} (id bigserial primary key, changed int DEFAULT 0, text text); INSERT INTO ${name} (text) SELECT 'row ' || n || repeat('.', 80) FROM generate_series(1, ${ROWS}) n`)
  const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table: name }])
  if (!discovered) throw new Error(`There is no ${name}`)
  const source = new CutSource({ connector: postgres, discovered, primaryKey: discovered.primaryKey })
  const schema = await makeSchema()
  const change = { config, method: 'incremental', replicationKey: 'id', lookBack: 0 } satisfies JobChange
  const expectEqual = async () => {
    const { source: theirs, ours } = await bothTables(room, schema, name)
    expect(ours).toEqual(theirs)
  }
  return { name, source, schema, change, expectEqual, sync: (more: JobChange = {}) => partsSync(schema, source, { ...change, ...more }) }
}

describe.skipIf(hasNoPgbouncer).each(['session', 'transaction'] as const)('through PgBouncer in %s mode', (mode) => {
  beforeAll(() => open({ mode }))
  afterAll(close)

  it('a table is loaded over several connections of one moment, and what is committed late is not missed', async () => {
    const table = await makeTable(`${mode}_late`)
    const together = gate(3)
    table.source.onPart = async (number) => {
      await together()
      await room.run(`INSERT INTO ${table.name} (text) VALUES ('while it is read ${number}')`)
    }
    expect(await table.sync(over(3))).toMatchObject({ rowsRead: ROWS, connections: 3 })
    table.source.forget()
    const late = await clientAt(room.server.port)
    await late.query(`BEGIN; INSERT INTO ${table.name} (text) VALUES ('late')`)
    await room.run(`INSERT INTO ${table.name} (text) VALUES ('on time')`)
    await table.sync()
    await late.query('COMMIT')
    await table.sync()
    await table.expectEqual()
    expect(await table.sync()).toMatchObject({ isChanged: false })
  })

  it('what changed in silence is found and mended, and proven', async () => {
    const table = await makeTable(`${mode}_proof`)
    await table.sync()
    await room.run(`DELETE FROM ${table.name} WHERE id % 100 = 0; UPDATE ${table.name} SET text = 'quiet' WHERE id % 70 = 1`)
    const report = await table.sync({ compare: { proves: true, isDue: true, mends: true } })
    expect(report.proof).toMatchObject({ outcome: 'verified', reconciled: { deleted: 30, fetched: 43 } })
    await table.expectEqual()
  })

  it('an interrupted load goes on with the part that it was at', async () => {
    const table = await makeTable(`${mode}_cut`)
    await cutSync(table.schema, table.source, table.change, 7)
    await room.run(`DELETE FROM ${table.name} WHERE id % 100 = 0; UPDATE ${table.name} SET text = 'quiet' WHERE id % 70 = 1`)
    expect((await table.sync()).warnings[0]?.message).toMatch(/^Resumed after 7 of \d+ parts/)
    await table.expectEqual()
  })
})

describe.skipIf(hasNoPgbouncer)('a pooler', () => {
  afterEach(close)

  it('with one connection has a table read over that one, in words', async () => {
    await open({ mode: 'transaction', settings: { default_pool_size: 1, query_wait_timeout: 1 } })
    const table = await makeTable('lone')
    const isTold = () => table.source.lines.some((line) => line.startsWith('No more connections are tried for this read: The connection pooler has no free connection'))
    table.source.onPart = async () => {
      await expect.poll(isTold, { timeout: 20_000 }).toBe(true)
    }
    expect(await table.sync(over(2))).toMatchObject({ rowsRead: ROWS })
    expect(table.source.joined).toBe(0)
    await table.expectEqual()
  })

  it('that lends a session which we had to somebody without a name has us see that one: what it commits late is not missed', async () => {
    await open({ mode: 'transaction', settings: { default_pool_size: 2 } })
    const table = await makeTable('lent')
    await table.sync()
    const nameless = await clientAt(pooler.port)
    await nameless.query(`BEGIN; INSERT INTO ${table.name} (text) VALUES ('late')`)
    await room.run(`INSERT INTO ${table.name} (text) VALUES ('on time')`)
    await table.sync()
    await nameless.query('COMMIT')
    await table.sync()
    await table.expectEqual()
  })

  it.each([
    ['knows no such database', {}, { database: 'nowhere' }, { code: 'no_such_database', title: 'There is no database named nowhere', isRetryable: false }],
    ['refuses the password', {}, { password: 'wrong' }, { code: 'credentials', isRetryable: false }],
    ['takes transactions apart', { mode: 'statement' }, {}, { title: 'The connection pooler takes transactions apart', advice: expect.stringContaining('pool_mode'), isRetryable: false }],
    ['cannot sign in to its server', { passwords: { tributary: 'wrong' } }, { password: 'wrong' }, { title: 'The connection pooler cannot reach its database', isRetryable: true }],
  ] as const)('that %s is told apart in words', async (_what, pooled, change, error) => {
    await open({ mode: 'transaction', ...pooled })
    expect(await lastStep(change)).toMatchObject({ status: 'failed', error })
  })

  it.each([
    ['clients', { max_client_conn: 1 }],
    ['connections', { default_pool_size: 1, query_wait_timeout: 1 }],
  ])('that has no more %s says so', async (_what, settings) => {
    await open({ mode: 'session', settings })
    // whoever looked whether it listens may still count as a client
    await expect.poll(() => clientAt(pooler.port).then((client) => client.query('SELECT 1')).then(() => true, () => false), { timeout: 10_000 }).toBe(true)
    expect(await lastStep()).toMatchObject({ status: 'failed', error: { title: 'The connection pooler has no free connection', isRetryable: true } })
  })
})
