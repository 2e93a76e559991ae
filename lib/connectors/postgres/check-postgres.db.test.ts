import { randomBytes } from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { toSentence } from '@/lib/core/errors'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import type { CheckStep } from '../contract'
import { certificateForTest } from './certificate-for-test'
import { PostgresConfig } from './config'
import { postgres } from './connector'

const PASSWORD = 'pw/of?the#reader@:'
const never = new AbortController().signal

let source: FreshServerDatabase
let client: pg.Client
let role: string
const servers: net.Server[] = []

beforeAll(async () => {
  source = await freshServerDatabase()
  role = `reader_${randomBytes(6).toString('hex')}`
  client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`
    CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}';
    CREATE TABLE seen (id int); CREATE TABLE unseen (id int); CREATE VIEW also_seen AS SELECT * FROM seen; GRANT SELECT ON seen, also_seen TO ${role};
    CREATE SCHEMA "Shut"; CREATE TABLE "Shut".t (id int); CREATE SCHEMA bare; GRANT USAGE ON SCHEMA bare TO ${role}; CREATE TABLE bare.t (id int); CREATE SCHEMA empty; GRANT USAGE ON SCHEMA empty TO ${role}`)
})

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

afterAll(async () => {
  await client?.end()
  await source?.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
})

async function check(values: Record<string, unknown> = {}, signal = never): Promise<CheckStep[]> {
  const config = PostgresConfig.parse({ ...source, user: role, password: PASSWORD, schema: 'public', ...values })
  const steps: CheckStep[] = []
  for await (const step of postgres.check(config, signal)) steps.push(step)
  const errors = steps.flatMap(({ error }) => (error ? [error] : []))
  expect(errors.filter((error) => toSentence(error).includes(PASSWORD))).toEqual([])
  expect(errors.filter(({ code, advice }) => code !== 'cancelled' && !advice)).toEqual([])
  for (const step of steps.slice(0, -1)) expect(step.status).not.toBe('failed')
  return steps
}

const outline = (steps: CheckStep[]) => steps.map(({ id, status }) => `${id} ${status}`)

async function listen(server: net.Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as net.AddressInfo).port
}

/** The real server behind a TLS of the test's own; `plainAllowed` decides over connections that ask for none. */
function tlsFront({ key, cert }: { key: string; cert: string }, isTlsBroken = false): Promise<number> {
  return listen(
    net.createServer((near) => {
      near.on('error', () => {})
      near.once('data', (first) => {
        const far = net.connect(source.port, source.host)
        far.on('error', () => near.destroy())
        near.on('close', () => far.destroy()) // a pipe ends its far side at an end, not where the near one is dropped
        if (first.readInt32BE(4) !== 80_877_103) {
          far.write(first)
          near.pipe(far).pipe(near)
          return
        }
        near.write('S')
        if (isTlsBroken) return near.destroy()
        const encrypted = new tls.TLSSocket(near, { isServer: true, key, cert })
        encrypted.on('error', () => far.destroy())
        encrypted.pipe(far).pipe(encrypted)
      })
    }),
  )
}

describe('each kind of failure is told apart, with advice', () => {
  test('all is well; what cannot be read is named', async () => {
    const steps = await check({ host: 'localhost' })
    expect(outline(steps)).toEqual(['address ok', 'port ok', 'tls warning', 'sign-in ok', 'database ok', 'schema ok', 'tables warning'])
    expect(steps.at(-1)).toMatchObject({ detail: '2 tables readable, 1 not: unseen', error: { code: 'permission' } })
  })

  test('no such host', async () => {
    const steps = await check({ host: 'no-such-host.invalid' })
    expect(outline(steps)).toEqual(['address failed'])
    expect(steps[0]?.error).toMatchObject({ code: 'unreachable' })
  })

  test('an address that is not allowed', async () => {
    expect((await check({ host: '169.254.169.254' }))[0]?.error?.code).toBe('not_allowed')
    setEnv({ EGRESS: 'public' })
    try {
      expect((await check({ host: '127.0.0.1' }))[0]?.error?.code).toBe('not_allowed')
    } finally {
      setEnv({ EGRESS: 'any' })
    }
  })

  test('nothing listens at the port', async () => {
    const server = net.createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const steps = await check({ port })
    expect(outline(steps)).toEqual(['address ok', 'port failed'])
    expect(steps[1]?.error).toMatchObject({ code: 'refused', isRetryable: true })
  })

  test('what listens is no PostgreSQL', async () => {
    const port = await listen(net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))))
    expect((await check({ port, sslmode: 'require' })).at(-1)).toMatchObject({ id: 'tls', error: { code: 'unreachable', title: 'This is not a PostgreSQL server' } })
    expect((await check({ port, sslmode: 'disable' })).at(-1)?.status).toBe('failed')
  })

  test('what listens hangs up at once', async () => {
    const port = await listen(net.createServer((socket) => socket.destroy()))
    for (const sslmode of ['disable', 'prefer', 'require']) expect((await check({ port, sslmode })).at(-1)?.error).toMatchObject({ code: 'unreachable', isRetryable: true })
  })

  test('a server that never answers', async () => {
    const abort = new AbortController()
    const port = await listen(net.createServer((socket) => socket.on('error', () => {}).once('data', () => abort.abort())))
    expect((await check({ port, sslmode: 'disable' }, abort.signal)).at(-1)?.error?.code).toBe('cancelled')
  })

})

describe('each kind of refusal is told apart, with what to do', () => {
  test('a wrong password, an unknown user, a user who may not sign in', async () => {
    const wrong = (await check({ password: 'other' })).at(-1)
    expect(wrong).toMatchObject({ id: 'sign-in', error: { code: 'credentials', detail: expect.stringContaining(role) } })
    expect((await check({ password: '' })).at(-1)?.error).toMatchObject({ code: 'credentials', advice: 'Enter the password' })
    expect((await check({ user: 'nobody_here' })).at(-1)?.error?.code).toBe('credentials')
    await client.query(`ALTER ROLE ${role} NOLOGIN`)
    expect((await check()).at(-1)?.error).toMatchObject({ code: 'credentials', advice: expect.stringContaining('LOGIN') })
    await client.query(`ALTER ROLE ${role} LOGIN`)
  })

  test('no such database; a database that the user may not open', async () => {
    const steps = await check({ database: 'Nowhere' })
    expect(outline(steps).slice(-2)).toEqual(['sign-in ok', 'database failed'])
    expect(steps.at(-1)?.error?.code).toBe('no_such_database')
    await client.query(`REVOKE CONNECT ON DATABASE ${source.database} FROM PUBLIC`)
    const refused = await check()
    await client.query(`GRANT CONNECT ON DATABASE ${source.database} TO PUBLIC`)
    expect(outline(refused).slice(-2)).toEqual(['sign-in ok', 'database failed'])
    expect(refused.at(-1)?.error).toMatchObject({ code: 'permission', advice: `Run: GRANT CONNECT ON DATABASE ${source.database} TO ${role}` })
  })

  test('no such schema, one spelled otherwise, one that may not be used', async () => {
    expect((await check({ schema: 'nowhere' })).at(-1)).toMatchObject({ id: 'schema', error: { code: 'not_found' } })
    expect((await check({ schema: 'shut' })).at(-1)?.error?.advice).toMatch(/Enter Shut/)
    expect((await check({ schema: 'Shut' })).at(-1)?.error).toMatchObject({ code: 'permission', advice: `Run: GRANT USAGE ON SCHEMA "Shut" TO ${role}` })
  })

  test('no table readable; no table at all', async () => {
    expect((await check({ schema: 'bare' })).at(-1)).toMatchObject({ id: 'tables', status: 'failed', error: { code: 'permission', advice: expect.stringContaining('GRANT SELECT ON ALL TABLES IN SCHEMA bare') } })
    expect((await check({ schema: 'empty' })).at(-1)).toMatchObject({ id: 'tables', status: 'warning' })
  })

  test('no free connection', async () => {
    await client.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`)
    const last = (await check()).at(-1)
    await client.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`)
    expect(last?.error).toMatchObject({ code: 'source', isRetryable: true, title: 'The server has no free connection' })
  })
})

describe('sslmode means what it means to libpq', () => {
  const mine = certificateForTest('localhost')

  test('the server offers none: prefer goes on in plain, require and verify-full refuse', async () => {
    expect((await check({ sslmode: 'prefer' }))[2]).toMatchObject({ status: 'warning', detail: expect.stringContaining('does not offer TLS') })
    for (const sslmode of ['require', 'verify-full']) expect((await check({ sslmode })).at(-1)).toMatchObject({ id: 'tls', error: { code: 'tls', title: 'The server does not offer TLS' } })
  })

  test('require and prefer encrypt without asking who signed', async () => {
    const port = await tlsFront(mine)
    for (const sslmode of ['prefer', 'require']) expect((await check({ host: 'localhost', port, sslmode }))[2]).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^TLSv1\.[23], certificate not verified/) })
  })

  test('disable never encrypts', async () => {
    const port = await tlsFront(mine)
    expect((await check({ host: 'localhost', port, sslmode: 'disable' }))[2]).toMatchObject({ status: 'warning', label: 'Not encrypted' })
  })

  test('verify-full wants a trusted certificate, for this host name, that has not expired', async () => {
    const port = await tlsFront(mine)
    const full = { host: 'localhost', port, sslmode: 'verify-full' }
    expect((await check(full)).at(-1)?.error).toMatchObject({ code: 'tls', title: 'The certificate of the server is not trusted' })
    expect((await check({ ...full, ca: mine.cert }))[2]).toMatchObject({ status: 'ok', detail: expect.stringContaining('verified') })
    expect((await check({ ...full, ca: mine.cert, host: '127.0.0.1' })).at(-1)?.error).toMatchObject({ code: 'tls', title: 'The certificate belongs to another host name' })
    expect((await check({ ...full, ca: certificateForTest('localhost').cert })).at(-1)?.error?.code).toBe('tls')
    const old = certificateForTest('localhost', -1)
    expect((await check({ ...full, port: await tlsFront(old), ca: old.cert })).at(-1)?.error).toMatchObject({ code: 'tls', title: 'The certificate of the server has expired' })
  })

  test('prefer goes on in plain where the handshake fails; require does not', async () => {
    const port = await tlsFront(mine, true)
    expect((await check({ host: 'localhost', port, sslmode: 'prefer' })).at(-1)?.status).not.toBe('failed')
    expect((await check({ host: 'localhost', port, sslmode: 'require' })).at(-1)).toMatchObject({ id: 'tls', error: { code: 'tls' } })
  })

  test('rows arrive whole through TLS, and leaving early frees the source', async () => {
    const port = await tlsFront(mine)
    await client.query(`CREATE TABLE big AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 20000) g; GRANT SELECT ON big TO ${role}`)
    const config = PostgresConfig.parse({ ...source, host: 'localhost', port, user: role, password: PASSWORD, sslmode: 'verify-full', ca: mine.cert })
    const columns = ['id', 'v'].map((name) => ({ name, sourceType: '', type: 'VARCHAR', encoding: 'plain' as const, nullable: true }))
    const request = { location: { namespace: 'public', table: 'big' }, columns, batchBytes: 1 << 20 }
    let rows = 0
    let bytes = 0
    for await (const batch of postgres.read(config, request, never)) {
      rows += batch.rows
      bytes += batch.bytes.length
    }
    expect([rows, bytes]).toEqual([20_000, 20_000 * 1002 + 88_894])
    for await (const batch of postgres.read(config, request, never)) if (batch.rows) break
    const held = () => asSuperuser(`SELECT pid FROM pg_stat_activity WHERE usename = $1`, [role])
    await expect.poll(held, { timeout: 5_000, interval: 20 }).toEqual([])
  })
})

test('a server that repeats the password in its error is not repeated', async () => {
  const port = await listen(
    net.createServer((socket) =>
      socket.on('error', () => {}).once('data', () => {
        const fields = Buffer.from(`SFATAL\0VFATAL\0C0A000\0Myour password is ${PASSWORD}, I believe\0\0`)
        const head = Buffer.from('E    ')
        head.writeInt32BE(fields.length + 4, 1)
        socket.end(Buffer.concat([head, fields]))
      }),
    ),
  )
  const last = (await check({ port, sslmode: 'disable' })).at(-1)
  expect(last?.error?.detail).toContain('your password is •••, I believe')
})
