import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder, setEnv } from '@/lib/core/env'
import { warehouseFolder } from '../object-store'
import { converse } from './converse'
import { publishForTest } from './publish-for-test'
import { QueryError } from './query-error'
import { QueryProcess, queryFolder, type ProcessLimits } from './query-process'
import { coolDownQueries, warmUpQueries } from './query-queue'
import { runReadOnly, sandboxOf } from './run-read-only'
import type { NamedTable } from './types'

const ours: NamedTable[] = []
let own = ''
let foreign = ''
let staged = ''
let escape = ''

beforeAll(async () => {
  setEnv({ SECRET_OF_THE_SERVER: 'do-not-tell' })
  ours.push(await publishForTest({ name: 'shop_orders', files: ['SELECT i AS id FROM range(100) r(i)'], columns: { id: 'BIGINT' } }))
  const other = await publishForTest({ name: 'other_orders', files: ["SELECT 'secret row' AS word"], columns: { word: 'VARCHAR' } })
  const unpublished = await publishForTest({ name: 'staged_orders', workspaceId: ours[0]?.snapshot.workspaceId, schemaId: ours[0]?.snapshot.schemaId, files: ["SELECT 'staged row' AS word"], columns: { word: 'VARCHAR' } })
  const pathOf = (table: NamedTable | undefined): string => path.join(warehouseFolder(), table?.snapshot.dataFiles[0]?.path ?? '')
  own = pathOf(ours[0])
  foreign = pathOf(other)
  staged = pathOf(unpublished)
  escape = path.join(dataFolder(), 'escape')
  mkdirSync(escape)
  symlinkSync(foreign, path.join(escape, 'link.parquet'))
  writeFileSync(path.join(escape, 'note.csv'), 'a,b\nleaked,1\n')
  warmUpQueries()
})

afterAll(() => coolDownQueries())

async function refusal(sql: string): Promise<QueryError> {
  try {
    const result = await runReadOnly(ours, sql, { rowLimit: 100 })
    throw new Error(`It was run and gave ${JSON.stringify(result.rows).slice(0, 500)}: ${sql}`)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

describe('a query cannot read a file', () => {
  const ways: [string, () => string][] = [
    ['read_csv of the password file', () => "SELECT * FROM read_csv('/etc/passwd')"],
    ['read_csv_auto', () => "SELECT * FROM read_csv_auto('/etc/passwd', header = false)"],
    ['a path as a table', () => "SELECT * FROM '/etc/passwd.csv'"],
    ['a quoted path as a table', () => `SELECT * FROM "${path.join(escape, 'note.csv')}"`],
    ['read_text', () => "SELECT content FROM read_text('/etc/hostname')"],
    ['read_blob', () => "SELECT content FROM read_blob('/etc/hostname')"],
    ['read_json', () => "SELECT * FROM read_json('/etc/hostname')"],
    ['sniff_csv', () => "SELECT * FROM sniff_csv('/etc/passwd')"],
    ['glob', () => "SELECT * FROM glob('/**')"],
    ['the environment in /proc', () => "SELECT content FROM read_text('/proc/self/environ')"],
    ['the environment in /proc as a table', () => "SELECT * FROM read_csv('/proc/self/environ', columns = {'a': 'VARCHAR'})"],
    ["another workspace's file by its absolute path", () => `SELECT * FROM read_parquet(${quoted(foreign)})`],
    ["another workspace's file as a table", () => `SELECT * FROM ${quoted(foreign)}`],
    ["another workspace's file by a relative path", () => `SELECT * FROM ${quoted(path.relative(path.join(queryFolder(), 'x'), foreign))}`],
    ["another workspace's file through a published path", () => `SELECT * FROM ${quoted(`${path.dirname(own)}/../../../${path.relative(path.join(own, '../../../..'), foreign)}`)}`],
    ["another workspace's file by a symbolic link", () => `SELECT * FROM ${quoted(path.join(escape, 'link.parquet'))}`],
    ["another workspace's file by a pattern", () => `SELECT * FROM ${quoted(`${path.dirname(foreign)}/*.parquet`)}`],
    ["another workspace's metadata", () => `SELECT * FROM parquet_metadata(${quoted(foreign)})`],
    ['a staged file of the same table', () => `SELECT * FROM read_parquet(${quoted(staged)})`],
    ['a staged file as a table', () => `SELECT * FROM ${quoted(staged)}`],
    ['a file behind query()', () => "SELECT * FROM query('SELECT * FROM read_text(''/etc/hostname'')')"],
    ['a file behind a nested query()', () => "SELECT * FROM query('SELECT * FROM query(''FROM glob(''''/*'''')'')')"],
    ['a file behind query() put together', () => "SELECT * FROM query('SELECT * FROM read_te' || 'xt(''/etc/hostname'')')"],
    ['a file behind query_table', () => `SELECT * FROM query_table(${quoted(foreign)})`],
    ['a file behind a serialized statement', () => "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''/etc/hostname'')'))"],
    ['a file in a subquery', () => "SELECT (SELECT content FROM read_text('/etc/hostname'))"],
    ['a file in a common table expression', () => "WITH x AS (SELECT * FROM read_text('/etc/hostname')) SELECT * FROM x"],
    ['a file in a lateral join', () => "SELECT * FROM shop_orders, LATERAL (SELECT * FROM read_text('/etc/hostname'))"],
    ['a file over the network', () => "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')"],
    ['object storage', () => "SELECT * FROM 's3://bucket/x.parquet'"],
    ['a database file', () => "SELECT * FROM read_duckdb('/tmp/x.db')"],
    ['the description of a file', () => "DESCRIBE SELECT * FROM '/etc/passwd.csv'"],
    ['the summary of a file', () => `SUMMARIZE SELECT * FROM ${quoted(foreign)}`],
    ['an explained read', () => "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/hostname')"],
  ]
  it.each(ways)('%s', async (_way, sql) => {
    const error = await refusal(sql())
    expect(error.code).toBe('query')
    expect(`${error.title} ${error.detail} ${error.advice}`).not.toContain('leaked')
  })

  it('with an address in a table function that is not on the list', async () => {
    expect((await refusal("SELECT * FROM read_text('/etc/hostname')")).title).toBe('The table function read_text is not available in queries')
  })
})

describe('a query cannot write, load or change anything', () => {
  const target = (): string => quoted(path.join(escape, 'out.csv'))
  const ways: [string, () => string][] = [
    ['COPY TO', () => `COPY (SELECT 1) TO ${target()}`],
    ['COPY over a published file', () => `COPY (SELECT 1) TO ${quoted(own)}`],
    ['COPY over a file in its own folder', () => "COPY (SELECT 1) TO 't0-0.parquet'"],
    ['COPY FROM', () => "COPY shop_orders FROM '/etc/passwd'"],
    ['EXPORT DATABASE', () => `EXPORT DATABASE ${quoted(escape)}`],
    ['IMPORT DATABASE', () => `IMPORT DATABASE ${quoted(escape)}`],
    ['ATTACH', () => `ATTACH ${quoted(path.join(escape, 'x.db'))} AS x`],
    ['DETACH', () => 'DETACH memory'],
    ['USE', () => 'USE memory'],
    ['INSTALL', () => 'INSTALL httpfs'],
    ['LOAD', () => 'LOAD json'],
    ['SET', () => "SET memory_limit = '100GB'"],
    ['SET of the access', () => 'SET enable_external_access = true'],
    ['SET VARIABLE', () => 'SET VARIABLE x = 1'],
    ['RESET', () => 'RESET allowed_paths'],
    ['PRAGMA', () => "PRAGMA memory_limit = '100GB'"],
    ['PRAGMA that the engine counts as SELECT', () => 'PRAGMA version'],
    ['CALL', () => 'CALL pragma_version()'],
    ['CREATE TABLE', () => 'CREATE TABLE x AS SELECT 1'],
    ['CREATE OR REPLACE VIEW', () => 'CREATE OR REPLACE VIEW shop_orders AS SELECT 1'],
    ['CREATE SECRET', () => "CREATE SECRET x (TYPE s3, KEY_ID 'a', SECRET 'b')"],
    ['CREATE MACRO', () => 'CREATE MACRO f() AS 1'],
    ['INSERT', () => 'INSERT INTO shop_orders VALUES (1)'],
    ['UPDATE', () => 'UPDATE shop_orders SET id = 1'],
    ['DELETE', () => 'DELETE FROM shop_orders'],
    ['DROP', () => 'DROP VIEW shop_orders'],
    ['VACUUM', () => 'VACUUM'],
    ['CHECKPOINT', () => 'CHECKPOINT'],
    ['BEGIN', () => 'BEGIN'],
    ['PREPARE', () => `PREPARE x AS COPY (SELECT 1) TO ${target()}`],
    ['EXECUTE', () => 'EXECUTE x'],
    ['two statements', () => `SELECT 1; COPY (SELECT 1) TO ${target()}`],
    ['two statements around a comment', () => `SELECT 1 /* ; */ ; -- x\n COPY (SELECT 1) TO ${target()}`],
    ['EXPLAIN ANALYZE of a COPY', () => `EXPLAIN ANALYZE COPY (SELECT 1) TO ${target()}`],
    ['EXPLAIN of a CREATE', () => 'EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1'],
    ['EXPLAIN behind a comment', () => `/* a */ EXPLAIN /* b */ ANALYZE COPY (SELECT 1) TO ${target()}`],
    ['EXPLAIN of an EXPLAIN', () => `EXPLAIN EXPLAIN ANALYZE COPY (SELECT 1) TO ${target()}`],
    ['an insert in a common table expression', () => 'WITH x AS (INSERT INTO shop_orders VALUES (1) RETURNING *) SELECT * FROM x'],
    ['logging to a file, which the engine counts as SELECT and its lock lets pass', () => `SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = ${quoted(escape)})`],
    ['logging behind query()', () => "FROM query('FROM enable_logging(''QueryLog'')')"],
    ['logging by its full name', () => "SELECT * FROM system.main.enable_logging('QueryLog')"],
    ['profiling to a file', () => `SELECT * FROM enable_profiling(save_location = ${quoted(path.join(escape, 'p.json'))})`],
    ['write_log', () => "SELECT write_log('x')"],
    ['force_checkpoint', () => 'SELECT * FROM force_checkpoint()'],
    ['a full-width semicolon and copy', () => `SELECT 1；COPY (SELECT 1) TO ${target()}`],
    ['a zero byte', () => `SELECT 1\0; COPY (SELECT 1) TO ${target()}`],
    ['a parameter', () => 'SELECT $1'],
    ['nothing but a comment', () => '-- SELECT 1'],
    ['nothing but semicolons', () => ';;;'],
  ]
  it.each(ways)('%s', async (_way, sql) => {
    await refusal(sql())
    expect(readdirSync(escape).sort()).toEqual(['link.parquet', 'note.csv'])
  })

  it('and the published rows are what they were', async () => {
    expect((await runReadOnly(ours, 'SELECT count(*), sum(id) FROM shop_orders', { rowLimit: 1 })).rows).toEqual([['100', '4950']])
  })
})

describe('a query learns nothing of the machine', () => {
  it('not by getenv', async () => {
    expect((await refusal("SELECT getenv('PATH')")).code).toBe('query')
  })

  it('not by getvariable or secrets', async () => {
    expect((await runReadOnly(ours, "SELECT getvariable('PATH')", { rowLimit: 1 })).rows).toEqual([[null]])
    await refusal('SELECT * FROM duckdb_secrets()')
    await refusal("SELECT * FROM which_secret('s3://x', 's3')")
  })

  it.each(['SELECT * FROM duckdb_settings()', "SELECT current_setting('allowed_paths')", 'SELECT * FROM duckdb_extensions()', 'SELECT * FROM duckdb_temporary_files()', 'SELECT * FROM pragma_database_size()', 'SHOW ALL TABLES; SELECT 1'])('not by %s', async (sql) => {
    await refusal(sql)
  })

  it('not from the definition of its tables, a plan, or an error', async () => {
    const texts = [
      JSON.stringify((await runReadOnly(ours, "SELECT sql FROM duckdb_views() WHERE view_name = 'shop_orders'", { rowLimit: 10 })).rows),
      JSON.stringify((await runReadOnly(ours, 'EXPLAIN ANALYZE SELECT * FROM shop_orders', { rowLimit: 10 })).rows),
      JSON.stringify(await refusal("SELECT 'x'::INTEGER FROM shop_orders")),
      JSON.stringify(await refusal("SELECT * FROM 'nothing.parquet'")),
    ]
    for (const text of texts) expect(text).not.toContain(dataFolder())
  })

  it('nor has the process anything to tell: its environment is bare and its folder its own', async () => {
    const child = new QueryProcess()
    try {
      expect((await child.next())?.kind).toBe('ready')
      const environment = (await import('node:fs')).readFileSync(`/proc/${child.pid}/environ`, 'utf8')
      expect(environment).not.toContain('do-not-tell')
      expect(environment.split('\0').map((line) => line.split('=')[0]).filter(Boolean).filter((name) => !['PATH', 'SystemRoot', 'TEMP', 'TMPDIR', 'LANG', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'].includes(name ?? ''))).toEqual([])
      expect(readdirSync(child.folder)).toEqual([])
    } finally {
      await child.close()
    }
    expect(existsSync(child.folder)).toBe(false)
  })
})

describe('a bomb hurts nobody else', () => {
  it('in memory that the engine counts', async () => {
    const error = await refusal('SELECT list(a.i || repeat(chr(97 + (b.i % 26)::INTEGER), 1000)) FROM range(100000) a(i), range(100) b(i)')
    expect(error.title).toBe('The query needed more memory than it may use')
  })

  it('in memory that the engine does not count: the process is killed above its ceiling', async () => {
    await expect(runWith({ ...small, ceilingBytes: 40 * MB }, 'SELECT count(*) FROM range(100000000000) a')).rejects.toMatchObject({ title: 'The query needed more memory than it may use' })
  })

  it('on disk', async () => {
    let largest = 0
    const watch = setInterval(() => {
      largest = Math.max(largest, folderBytes(queryFolder()))
    }, 20)
    const sql = 'SELECT * FROM (SELECT md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS t FROM range(2000000000) r(i)) ORDER BY t'
    await expect(runWith(small, sql)).rejects.toMatchObject({ title: 'The query needed more room on disk than it may use' })
    clearInterval(watch)
    expect(largest).toBeGreaterThan(10 * MB)
    expect(largest).toBeLessThan(small.spillBytes * 1.25)
  })

  it('in one cell', async () => {
    expect((await refusal("SELECT repeat('x', 900000000)")).code).toBe('query')
  })

  it('in many large cells: the result is cut', async () => {
    const result = await runReadOnly(ours, "SELECT repeat('x', 1000000) FROM range(1000)", { rowLimit: 1000 })
    expect(result.isTruncated).toBe(true)
    expect(result.rows.length).toBeGreaterThan(10)
    expect(result.rows.length).toBeLessThan(100)
  })

  it('of text: a deep or a long query', async () => {
    expect((await runReadOnly(ours, `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, { rowLimit: 1 })).rows).toEqual([[1]])
    await refusal(`SELECT ${'(SELECT '.repeat(5_000)}1${')'.repeat(5_000)}`)
    await refusal(`SELECT ${'- '.repeat(50_000)}1`)
    expect((await runReadOnly(ours, `SELECT 1 IN (${Array.from({ length: 20_000 }, (_, i) => i).join(',')})`, { rowLimit: 1 })).rows).toEqual([[true]])
  })

  it('and all the folders are gone afterwards', async () => {
    await coolDownQueries()
    expect(readdirSync(queryFolder())).toEqual([])
  })
})

const MB = 1024 * 1024
const small = { memoryBytes: 100 * MB, ceilingBytes: 1024 * MB, spillBytes: 64 * MB, threads: 2 }

async function runWith(given: ProcessLimits, sql: string): Promise<unknown> {
  const child = new QueryProcess(given)
  child.beginWork()
  try {
    return await converse(child, sandboxOf(ours), sql, { kind: 'rows', rowLimit: 10, bytesLimit: MB }, 60, undefined, () => {})
  } finally {
    await child.close()
  }
}

function folderBytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  // a spill file may be gone by the time that it is looked at
  return files.reduce((sum, entry) => sum + (statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0)
}
