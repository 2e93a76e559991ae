import { expect, test } from 'vitest'
import { AppError, toSentence, type ErrorView } from '@/lib/core/errors'
import { configFields } from './config-fields'
import type { BytesBatch, CheckStep, Connector, DiscoveredSchema, Location, SourceColumn } from './contract'

/** A source for the suite: one schema of at least 1,000 rows, with a replication key on which rows tie. */
export interface SuiteSource {
  /** As the form sends it. */
  config: Record<string, unknown>
  /** The config with a wrong secret. */
  wrongSecret: Record<string, unknown>
  /** Texts that must never be seen in an error: the secrets, right and wrong. */
  secrets: string[]
  location: Location
  rows: number
  replicationKey: string
  /** A cursor that several rows share, and how many rows are at or above it or NULL. */
  cursor: { from: string; rows: number; column: string }
  /** A location that is not there. */
  missing: Location
  /** How many sessions, locks or requests the source still holds for us. */
  held(): Promise<number>
}

const BATCH_BYTES = 16 * 1024
const TYPES = /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL\(\d{1,2},\d{1,2}\)|VARCHAR|JSON|BLOB|UUID|DATE|TIME|TIMESTAMP|TIMESTAMPTZ)(\[\])?$/

/** The contract, as tests that every connector passes. */
export function connectorSuite<Config>(connector: Connector<Config>, source: () => SuiteSource): void {
  const never = new AbortController().signal
  const config = () => connector.config.parse(source().config)
  const discoverOne = async (): Promise<DiscoveredSchema> => {
    const [schema] = await connector.discover(config(), never, [source().location])
    if (!schema) throw new Error('The schema of the suite is not discovered')
    return schema
  }
  const read = async (schema: DiscoveredSchema, since?: { column: string; from: string }, signal = never) => {
    const batches: BytesBatch[] = []
    for await (const batch of connector.read(config(), { location: schema.location, columns: schema.columns, since, batchBytes: BATCH_BYTES }, signal)) batches.push(batch)
    return batches
  }

  test('every field of the config has a label, and the secrets are marked', () => {
    const fields = configFields(connector)
    expect(fields.every(({ label }) => label.length > 0)).toBe(true)
    for (const { name, secret } of fields) if (source().secrets.includes(String(source().config[name]))) expect(secret).toBe(true)
    expect(connector.suggestName(config())).toBeTruthy()
  })

  test('a check passes from the outside in', async () => {
    const steps = await all(connector.check(config(), never))
    expect(steps.length).toBeGreaterThan(1)
    expect(steps.filter(({ status }) => status === 'failed')).toEqual([])
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
  })

  test('a wrong secret fails the check as its last step, as credentials, with advice', async () => {
    const steps = await all(connector.check(connector.config.parse(source().wrongSecret), never))
    const last = steps.at(-1)
    expect(steps.slice(0, -1).every(({ status }) => status !== 'failed')).toBe(true)
    expect(last?.error).toMatchObject({ code: 'credentials', isRetryable: false, advice: expect.any(String) })
  })

  test('no error tells a secret', async () => {
    const wrong = connector.config.parse(source().wrongSecret)
    const schema = await discoverOne()
    const errors = [
      ...(await all(connector.check(wrong, never))).flatMap(({ error }) => (error ? [error] : [])),
      await failure(connector.discover(wrong, never)),
      await failure(all(connector.read(wrong, { location: schema.location, columns: schema.columns, batchBytes: BATCH_BYTES }, never))),
      await failure(all(connector.read(config(), { location: source().missing, columns: schema.columns, batchBytes: BATCH_BYTES }, never))),
    ]
    for (const error of errors) for (const secret of source().secrets) expect(toSentence(error)).not.toContain(secret)
  })

  test('discovery is stable, its types are ones that keep their values, its keys are columns', async () => {
    const schemas = await connector.discover(config(), never)
    expect(await connector.discover(config(), never)).toEqual(schemas)
    expect(new Set(schemas.map(({ name }) => name)).size).toBe(schemas.length)
    for (const schema of schemas) {
      const names = schema.columns.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const { type, encoding } of schema.columns) {
        expect(type).toMatch(TYPES)
        expect(type.endsWith('[]')).toBe(encoding === 'json-list')
      }
      for (const key of [...schema.primaryKey, ...schema.replicationKeys.map(({ name }) => name)]) expect(names).toContain(key)
      for (const key of schema.replicationKeys) expect(key.ok).toBe(key.reason === null)
    }
  })

  test('a location that is gone is left out of a discovery, and a read of it is fatal', async () => {
    expect(await connector.discover(config(), never, [source().missing])).toEqual([])
    const { columns } = await discoverOne()
    const error = await failure(all(connector.read(config(), { location: source().missing, columns, batchBytes: BATCH_BYTES }, never)))
    expect(error).toMatchObject({ code: 'missing_table', isRetryable: false })
  })

  test('batches are cut at row ends and hold every row once', async () => {
    const schema = await discoverOne()
    const batches = await read(schema)
    expect(batches.length).toBeGreaterThan(1)
    let rows = 0
    for (const [index, { bytes, rows: counted }] of batches.entries()) {
      const parsed = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
      expect(parsed.length).toBe(counted)
      for (const row of parsed) expect(row.length).toBe(schema.columns.length)
      if (index < batches.length - 1) expect(bytes.length).toBeGreaterThanOrEqual(BATCH_BYTES)
      rows += counted
    }
    expect(rows).toBe(source().rows)
  })

  test('columns come in the order asked for, each as its encoding promises', async () => {
    const schema = await discoverOne()
    const columns = schema.columns.toReversed()
    const signal = new AbortController().signal
    const rows: (string | null)[][] = []
    for await (const { bytes } of connector.read(config(), { location: schema.location, columns, batchBytes: BATCH_BYTES }, signal)) rows.push(...parseCsv(new TextDecoder().decode(bytes)))
    for (const row of rows) for (const [index, column] of columns.entries()) expect(isEncoded(row[index] ?? null, column), `${column.name}: ${row[index]}`).toBe(true)
  })

  test('a read since a cursor has the rows that share it, and those without a value', async () => {
    const { cursor } = source()
    const batches = await read(await discoverOne(), { column: cursor.column, from: cursor.from })
    expect(batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(cursor.rows)
  })

  test('a hostile cursor reads nothing but this table, or fails in words', async () => {
    const schema = await discoverOne()
    for (const from of [`'; DROP TABLE x; --`, `\\'; SELECT 1; --`, `') OR ('1'='1`, '\0', '']) {
      const error = await failure(read(schema, { column: source().replicationKey, from }))
      expect(error.title).toBeTruthy()
      expect(error.code).not.toBe('internal')
    }
    expect((await read(schema)).reduce((sum, { rows }) => sum + rows, 0)).toBe(source().rows)
  })

  test('leaving a read early frees the source', async () => {
    const schema = await discoverOne()
    for await (const batch of connector.read(config(), { location: schema.location, columns: schema.columns, batchBytes: 1024 }, never)) {
      expect(batch.rows).toBeGreaterThan(0)
      break
    }
    await expect.poll(source().held, { timeout: 5_000, interval: 20 }).toBe(0)
  })

  test('an abort ends a read in words and frees the source', async () => {
    const schema = await discoverOne()
    const abort = new AbortController()
    const reading = (async () => {
      for await (const batch of connector.read(config(), { location: schema.location, columns: schema.columns, batchBytes: 1024 }, abort.signal)) {
        expect(batch.rows).toBeGreaterThan(0)
        abort.abort()
      }
    })()
    expect(await failure(reading)).toMatchObject({ code: 'cancelled' })
    await expect.poll(source().held, { timeout: 5_000, interval: 20 }).toBe(0)
  })

  test('an abort before the start starts nothing', async () => {
    const aborted = AbortSignal.abort()
    expect((await failure(connector.discover(config(), aborted))).code).toBe('cancelled')
    expect((await failure(read(await discoverOne(), undefined, aborted))).code).toBe('cancelled')
    expect((await all(connector.check(config(), aborted))).at(-1)?.status).toBe('failed')
    await expect.poll(source().held, { timeout: 5_000, interval: 20 }).toBe(0)
  })

  test('a finished read frees the source', async () => {
    await read(await discoverOne())
    await expect.poll(source().held, { timeout: 5_000, interval: 20 }).toBe(0)
  })
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The error of what must fail, as an AppError. */
async function failure(work: Promise<unknown> | AsyncIterable<CheckStep>): Promise<ErrorView> {
  try {
    await (Symbol.asyncIterator in work ? all(work) : work)
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    if (error instanceof AppError) return error
  }
  throw new Error('It did not fail')
}

/** The CSV of the contract and nothing looser; NULL for an unquoted \N. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))([,\n])/gy
  while (field.lastIndex < text.length) {
    const match = field.exec(text)
    if (!match) throw new Error('A batch is not the CSV of the contract')
    const [, quoted, bare, end] = match
    row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : bare === '\\N' ? null : (bare ?? ''))
    if (end === '\n') {
      rows.push(row)
      row = []
    }
  }
  if (row.length) throw new Error('A batch ends inside a row')
  return rows
}

function isEncoded(text: string | null, { encoding, nullable }: SourceColumn): boolean {
  if (text === null) return nullable
  if (encoding === 'hex') return /^\\x([0-9a-f]{2})*$/i.test(text)
  if (encoding !== 'json-list') return true
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) && list.every((element) => element === null || typeof element === 'string')
}
