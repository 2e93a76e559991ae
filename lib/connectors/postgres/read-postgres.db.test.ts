import { randomBytes } from 'node:crypto'
import net from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import { parseCsv } from '../suite/bytes-tests'
import type { BytesBatch, SourceColumn } from '../contract'
import { PostgresConfig } from './config'
import { postgres } from './connector'

const MB = 1024 * 1024

let source: FreshServerDatabase
let client: pg.Client
let config: PostgresConfig
let role: string

beforeAll(async () => {
  source = await freshServerDatabase()
  role = `reader_${randomBytes(6).toString('hex')}`
  client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-reader'`)
  config = PostgresConfig.parse({ ...source, user: role, password: 'pw-of-reader' })
})

afterAll(async () => {
  await client?.end()
  await source?.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
})

beforeEach(async () => {
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO ${role}; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${role}`)
})

const column = (name: string, type = 'VARCHAR', encoding: SourceColumn['encoding'] = 'plain', nullable = true): SourceColumn => ({ name, sourceType: '', type, encoding, nullable })

interface Options {
  batchBytes?: number
  since?: { column: string; from: string }
  signal?: AbortSignal
  namespace?: string
  config?: PostgresConfig
}

function open(table: string, columns: SourceColumn[], options: Options = {}): AsyncGenerator<BytesBatch> {
  const { batchBytes = 64 * 1024, since, signal = new AbortController().signal, namespace = 'public' } = options
  return postgres.read(options.config ?? config, { location: { namespace, table }, columns, batchBytes, since }, signal) as AsyncGenerator<BytesBatch>
}

async function text(table: string, columns: SourceColumn[], options?: Options): Promise<string> {
  let csv = ''
  for await (const batch of open(table, columns, options)) csv += new TextDecoder().decode(batch.bytes)
  return csv
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(() => undefined, (caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

const backends = async () => (await asSuperuser<{ state: string; query: string }>(`SELECT state, query FROM pg_stat_activity WHERE usename = $1`, [role]))
const activity = async () => (await asSuperuser<{ wait: string }>(`SELECT wait_event AS wait FROM pg_stat_activity WHERE usename = $1`, [role]))[0]?.wait

async function freed(): Promise<void> {
  await expect.poll(backends, { timeout: 10_000, interval: 20 }).toEqual([])
}

describe('NULL, the empty text and a text \\N are kept apart', () => {
  test('in a single column', async () => {
    await client.query(`CREATE TABLE t AS SELECT * FROM (VALUES (1, NULL), (2, ''), (3, '\\N'), (4, 'x'), (5, '\\.')) v(i, a)`)
    expect(await text('t', [column('a')])).toBe('\\N\n""\n"\\N"\n"x"\n"\\."\n')
  })

  test('between others', async () => {
    await client.query(`CREATE TABLE t AS SELECT * FROM (VALUES (NULL, ''), ('\\N', NULL), (E'a\\r\\nb', '","')) v(a, b)`)
    expect(await text('t', [column('a'), column('b')])).toBe('\\N,\n"\\N",\\N\n"a\r\nb",""","""\n')
  })

  test('a table without columns still has its rows', async () => {
    await client.query('CREATE TABLE t (); INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES')
    const batches = []
    for await (const batch of open('t', [])) batches.push({ ...batch, bytes: new Uint8Array(batch.bytes) })
    expect(batches.map(({ rows, bytes }) => [rows, new TextDecoder().decode(bytes)])).toEqual([[2, '\n\n']])
  })

  test('an empty table has no batch', async () => {
    await client.query('CREATE TABLE t (a int)')
    expect(await text('t', [column('a')])).toBe('')
  })
})

test.each(['select', 'Weird "Name"', 'dots.in.name', 'a b', 'UPPER', '😀emoji', `it's`, 'back\\slash', 'x'.repeat(63), '"; DROP TABLE t; --', '$1', '%s', 'new\nline'])('the name %j is read as a table, a column, a schema and a replication key', async (name) => {
  const quoted = pg.escapeIdentifier(name)
  await client.query(`DROP SCHEMA IF EXISTS ${quoted} CASCADE; CREATE SCHEMA ${quoted}; GRANT USAGE ON SCHEMA ${quoted} TO ${role}; CREATE TABLE ${quoted}.${quoted} (${quoted} int, other text); GRANT SELECT ON ${quoted}.${quoted} TO ${role}; INSERT INTO ${quoted}.${quoted} VALUES (1, 'a'), (2, 'b')`)
  expect(await text(name, [column(name), column('other')], { namespace: name, since: { column: name, from: '2' } })).toBe('2,b\n')
  const [found] = await postgres.discover(PostgresConfig.parse({ ...config, schema: name }), new AbortController().signal)
  expect(found).toMatchObject({ name, location: { namespace: name, table: name } })
  expect(found?.columns.map((each) => each.name)).toEqual([name, 'other'])
  await client.query(`DROP SCHEMA ${quoted} CASCADE`)
})

describe('since a cursor', () => {
  test('reads are inclusive, and rows without a value come along', async () => {
    await client.query(`CREATE TABLE t (id int, at timestamptz); INSERT INTO t VALUES (1, '2024-01-01 00:00+00'), (2, '2024-01-01 00:00:00.000001+00'), (3, '2024-01-01 00:00:00.000001+00'), (4, NULL), (5, 'infinity')`)
    expect(await text('t', [column('id'), column('at', 'TIMESTAMPTZ', 'cast')], { since: { column: 'at', from: '2024-01-01 00:00:00.000001+00' } })).toBe('2,2024-01-01 00:00:00.000001+00\n3,2024-01-01 00:00:00.000001+00\n4,\\N\n5,infinity\n')
  })

  test.each([['timestamp', '0044-03-15 (BC) 12:00:00', `'0044-03-15 12:00:00 BC'`], ['date', '0044-03-15 (BC)', `'0044-03-15 BC'`], ['numeric(20,0)', '99999999999999999999', '99999999999999999999'], ['timestamptz', 'infinity', `'infinity'`]])('%s: the text form of DuckDB, %s, is understood', async (type, from, value) => {
    await client.query(`CREATE TABLE t (id int, k ${type}); INSERT INTO t VALUES (1, ${value})`)
    expect(await text('t', [column('id')], { since: { column: 'k', from } })).toBe('"1"\n')
  })

  test('a filter on a NOT NULL column uses its index', async () => {
    await client.query(`CREATE TABLE t (id int NOT NULL, pad text); INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(1, 20000) g; CREATE INDEX ON t (id); ANALYZE t; SELECT pg_stat_reset()`)
    await client.query(`SELECT pg_stat_force_next_flush()`).catch(() => {})
    expect(await text('t', [column('id', 'INTEGER', 'plain', false)], { since: { column: 'id', from: '19999' } })).toBe('"19999"\n"20000"\n')
    const { rows } = await client.query(`EXPLAIN SELECT id FROM t WHERE id >= '19999'`)
    expect(JSON.stringify(rows)).toMatch(/Index/)
  })
})

describe('batches', () => {
  test('hold values of megabytes whole, between small ones', async () => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, CASE WHEN g IN (3, 4) THEN repeat(chr(10) || '"', 4000000) ELSE 'small' END AS v FROM generate_series(1, 6) g`)
    const rows: (string | null)[][] = []
    for await (const batch of open('t', [column('id'), column('v')], { batchBytes: 100_000 })) {
      const parsed = parseCsv(new TextDecoder().decode(batch.bytes))
      expect(parsed.length).toBe(batch.rows)
      rows.push(...parsed)
    }
    expect(rows.map(([id, v]) => [id, v?.length])).toEqual([['1', 5], ['2', 5], ['3', 8_000_000], ['4', 8_000_000], ['5', 5], ['6', 5]])
  })

  test.each([1, 2, 7, 100, 65_536])('cut at %i bytes, the rows are the same', async (batchBytes) => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', g % 50) AS v FROM generate_series(1, 3000) g`)
    const batches = []
    for await (const batch of open('t', [column('id'), column('v')], { batchBytes })) batches.push({ ...batch, bytes: new Uint8Array(batch.bytes) })
    const rows = batches.flatMap(({ bytes }) => parseCsv(new TextDecoder().decode(bytes)))
    expect(rows.length).toBe(3000)
    expect(rows.every(([id, v], index) => id === String(index + 1) && v === 'x'.repeat((index + 1) % 50))).toBe(true)
    for (const { bytes } of batches.slice(0, -1)) expect(bytes.length).toBeGreaterThanOrEqual(batchBytes)
  })

  test('come from one snapshot, and a slow consumer holds the server back', async () => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g`)
    const before = process.memoryUsage().arrayBuffers
    const batches = open('t', [column('id'), column('v')], { batchBytes: MB })
    let rows = (await batches.next()).value?.rows ?? 0
    await client.query('DELETE FROM t WHERE id > 10')
    // 60 MB are to come; the server cannot be done while the first batch is looked at
    await expect.poll(activity, { timeout: 10_000, interval: 20 }).toBe('ClientWrite')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MB)
    for await (const batch of batches) rows += batch.rows
    expect(rows).toBe(60_000)
  })
})

describe('the source is left free', () => {
  test('by an abort while the server computes and sends nothing', async () => {
    await client.query(`CREATE VIEW slow AS SELECT g, pg_sleep(60) IS NULL AS s FROM generate_series(1, 10) g; GRANT SELECT ON slow TO ${role}`)
    const abort = new AbortController()
    const reading = failure(text('slow', [column('g'), column('s')], { signal: abort.signal }))
    await expect.poll(async () => (await backends())[0]?.query ?? '', { timeout: 10_000, interval: 20 }).toMatch(/^COPY/)
    const began = Date.now()
    abort.abort()
    expect((await reading).code).toBe('cancelled')
    await freed()
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  test('by an abort while the consumer is busy with a batch', async () => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g`)
    const abort = new AbortController()
    const batches = open('t', [column('id'), column('v')], { signal: abort.signal })
    await batches.next()
    abort.abort()
    await freed()
    expect((await failure(batches.next())).code).toBe('cancelled')
  })

  test('by throwing inside the loop, with no lock left', async () => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g`)
    await expect(
      (async () => {
        for await (const batch of open('t', [column('id'), column('v')])) throw new Error(`stop at ${batch.rows > 0}`)
      })(),
    ).rejects.toThrow('stop at true')
    await freed()
    await client.query(`BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE NOWAIT; COMMIT`)
  })

  test('by a generator that was never started', async () => {
    await client.query('CREATE TABLE t (a int)')
    const batches = open('t', [column('a')])
    await batches.return(undefined)
    expect(await backends()).toEqual([])
  })
})

describe('what fails, fails in words', () => {
  const until = async (sql: string, columns = [column('id'), column('v')]): Promise<AppError> => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g`)
    return failure(
      (async () => {
        for await (const batch of open('t', columns)) if (batch.rows) await asSuperuser(sql, [role])
      })(),
    )
  }

  test('a backend that an administrator ends: to be tried again', async () => {
    expect(await until(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1`)).toMatchObject({ code: expect.stringMatching(/^(source|unreachable)$/), isRetryable: true })
    await freed()
  })

  test('a statement that an administrator cancels: to be tried again', async () => {
    expect(await until(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = $1`)).toMatchObject({ code: 'source', isRetryable: true, title: expect.stringMatching(/cancelled/) })
    await freed()
  })

  test.each([0, 1, 5, 100_000, 1_000_003])('a connection cut %i bytes into the rows is never a short table', async (cutAfter) => {
    await client.query(`CREATE TABLE t AS SELECT g AS id, repeat('x', 100) AS v FROM generate_series(1, 60000) g`)
    const proxy = await cuttingProxy(source, cutAfter)
    const error = await failure(text('t', [column('id'), column('v')], { config: { ...config, port: proxy.port } }))
    expect(error).toMatchObject({ code: 'unreachable', isRetryable: true })
    proxy.close()
    await freed()
  })

  test('a table, a column, a permission that is gone', async () => {
    await client.query('CREATE TABLE t (a int); CREATE TABLE mine (a int); INSERT INTO mine VALUES (1)')
    await client.query(`REVOKE SELECT ON mine FROM ${role}`)
    expect(await failure(text('nowhere', [column('a')]))).toMatchObject({ code: 'missing_table', isRetryable: false })
    expect(await failure(text('t', [column('b')]))).toMatchObject({ code: 'missing_column' })
    expect(await failure(text('mine', [column('a')]))).toMatchObject({ code: 'permission', isRetryable: false, detail: expect.stringContaining('mine') })
    await freed()
  })

  test('a table that is locked by another session: to be tried again, and nothing waits for ever', async () => {
    await client.query('CREATE TABLE t (a int)')
    await client.query('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE')
    const abort = new AbortController()
    const reading = failure(text('t', [column('a')], { signal: abort.signal }))
    await expect.poll(async () => (await backends())[0]?.query ?? '', { timeout: 10_000, interval: 20 }).toMatch(/^COPY/)
    abort.abort()
    expect((await reading).code).toBe('cancelled')
    await freed()
    await client.query('ROLLBACK')
  })

  test('an error in the middle of a view is no end of the table', async () => {
    await client.query(`CREATE VIEW v AS SELECT g, 1 / (50000 - g) AS d FROM generate_series(1, 60000) g`)
    expect(await failure(text('v', [column('g'), column('d')]))).toMatchObject({ code: 'source', isRetryable: false, detail: expect.stringContaining('division by zero') })
  })

  test('rows that a policy would hide are refused, not left out', async () => {
    await client.query(`CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a = 1)`)
    expect(await failure(text('t', [column('a')]))).toMatchObject({ code: 'permission', title: expect.stringContaining('Row-level security'), advice: expect.stringContaining('BYPASSRLS') })
    const [found] = await postgres.discover(config, new AbortController().signal)
    expect(found?.problem).toMatchObject({ code: 'permission', title: expect.stringContaining('Row-level security') })
  })

  test('bytes that are no UTF-8, in a database that never checked', async () => {
    const name = `${source.database}_ascii`
    await asSuperuser(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`)
    const ascii = new pg.Client({ connectionString: source.url.replace(source.database, name) })
    await ascii.connect()
    await ascii.query(`SET client_encoding = 'SQL_ASCII'; CREATE TABLE t (a int, v text); INSERT INTO t VALUES (1, E'fine'), (2, E'\\xff\\xfe'); GRANT SELECT ON t TO ${role}`)
    await ascii.end()
    expect(await failure(text('t', [column('a'), column('v')], { config: { ...config, database: name } }))).toMatchObject({ code: 'source', isRetryable: false, title: expect.stringContaining('encoding') })
    expect(await text('t', [column('a')], { config: { ...config, database: name } })).toBe('"1"\n"2"\n')
    await asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`)
  })
})

test('settings of the server, the database and the user change nothing in what arrives', async () => {
  await client.query(`CREATE TABLE t AS SELECT 1 AS id, timestamptz '2024-06-01 12:00+00' AS a, 0.1::float8 + 0.2 AS b, interval '1 day -02:00' AS c, '\\xff'::bytea AS d, date '2024-01-02' AS e`)
  const columns = ['id', 'a', 'b', 'c', 'd', 'e'].map((name) => column(name))
  await client.query(`ALTER ROLE ${role} SET TimeZone = 'Asia/Tokyo'; ALTER ROLE ${role} SET DateStyle = 'German, DMY'; ALTER ROLE ${role} SET extra_float_digits = -5; ALTER ROLE ${role} SET IntervalStyle = 'iso_8601'; ALTER ROLE ${role} SET bytea_output = 'escape'; ALTER ROLE ${role} SET statement_timeout = '1ms'; ALTER ROLE ${role} SET lock_timeout = '1ms'; ALTER ROLE ${role} SET standard_conforming_strings = on; ALTER ROLE ${role} SET default_transaction_isolation = 'serializable'; ALTER ROLE ${role} SET client_encoding = 'LATIN1'`)
  try {
    expect(await text('t', columns)).toBe('1,2024-06-01 12:00:00+00,0.30000000000000004,1 day -02:00:00,\\xff,2024-01-02\n')
  } finally {
    await client.query(`ALTER ROLE ${role} RESET ALL`)
  }
})

test('a read has the memory for a bitmap of many pages, and never less than its role has', async () => {
  await client.query(`CREATE VIEW memory AS SELECT current_setting('work_mem') AS v; GRANT SELECT ON memory TO ${role}`)
  expect(await text('memory', [column('v')])).toBe('"32MB"\n')
  await client.query(`ALTER ROLE ${role} SET work_mem = '80MB'`)
  try {
    expect(await text('memory', [column('v')])).toBe('"80MB"\n')
  } finally {
    await client.query(`ALTER ROLE ${role} RESET ALL`)
  }
})

/** Passes everything on until the server has sent so many bytes since the COPY began, then cuts both sides. */
async function cuttingProxy(target: { host: string; port: number }, cutAfter: number): Promise<{ port: number; close(): void }> {
  const server = net.createServer((near) => {
    const far = net.connect(target.port, target.host)
    let isCopying = false
    let passed = 0
    const cut = () => {
      near.destroy()
      far.destroy()
    }
    near.on('error', cut).on('close', cut)
    far.on('error', cut).on('close', cut)
    near.on('data', (data) => {
      isCopying ||= data.includes('COPY (SELECT')
      far.write(data)
    })
    far.on('data', (data) => {
      if (!isCopying) return near.write(data)
      near.write(data.subarray(0, cutAfter - passed))
      passed += data.length
      if (passed >= cutAfter) near.end(cut)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as net.AddressInfo).port, close: () => server.close() }
}
