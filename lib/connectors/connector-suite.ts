import { expect, test } from 'vitest'
import { AppError, toSentence, type ErrorView } from '@/lib/core/errors'
import { configFields } from './config-fields'
import type { Batch, BytesBatch, Connector, DiscoveredSchema, Location, SourceColumn } from './contract'

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
  const suite = new Suite(connector, source)
  configTests(suite)
  secretTests(suite)
  discoveryTests(suite)
  readTests(suite)
  cursorTests(suite)
  freeingTests(suite)
}

const never = new AbortController().signal
const FREED = { timeout: 10_000, interval: 20 }

class Suite<Config> {
  constructor(readonly connector: Connector<Config>, readonly source: () => SuiteSource) {}

  config(): Config {
    return this.connector.config.parse(this.source().config)
  }

  async discoverOne(): Promise<DiscoveredSchema> {
    const [schema] = await this.connector.discover(this.config(), never, [this.source().location])
    if (!schema) throw new Error('The schema of the suite is not discovered')
    return schema
  }

  async read(schema: DiscoveredSchema, options: { since?: { column: string; from: string }; signal?: AbortSignal } = {}): Promise<BytesBatch[]> {
    return allBatches(this.connector.read(this.config(), { location: schema.location, columns: schema.columns, since: options.since, batchBytes: BATCH_BYTES }, options.signal ?? never))
  }
}

function configTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('every field of the config has a label, and the secrets are marked', () => {
    const fields = configFields(connector)
    expect(fields.every(({ label }) => label.length > 0)).toBe(true)
    const holders = fields.filter(({ name }) => source().secrets.includes(String(source().config[name])))
    expect(holders.length).toBeGreaterThan(0)
    expect(holders.every(({ secret }) => secret)).toBe(true)
    expect(connector.suggestName(suite.config())).toBeTruthy()
  })

  test('a check passes from the outside in', async () => {
    const steps = await all(connector.check(suite.config(), never))
    expect(steps.length).toBeGreaterThan(1)
    expect(steps.filter(({ status }) => status === 'failed')).toEqual([])
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
  })
}

function secretTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('a wrong secret fails the check as its last step, as credentials, with advice', async () => {
    const steps = await all(connector.check(connector.config.parse(source().wrongSecret), never))
    expect(steps.slice(0, -1).every(({ status }) => status !== 'failed')).toBe(true)
    expect(steps.at(-1)?.error).toMatchObject({ code: 'credentials', isRetryable: false, advice: expect.any(String) })
  })

  test('no error tells a secret', async () => {
    const wrong = connector.config.parse(source().wrongSecret)
    const { columns, location } = await suite.discoverOne()
    const errors = [
      ...(await all(connector.check(wrong, never))).flatMap(({ error }) => (error ? [error] : [])),
      await failure(connector.discover(wrong, never)),
      await failure(allBatches(connector.read(wrong, { location, columns, batchBytes: BATCH_BYTES }, never))),
      await failure(allBatches(connector.read(suite.config(), { location: source().missing, columns, batchBytes: BATCH_BYTES }, never))),
    ]
    for (const error of errors) for (const secret of source().secrets) expect(toSentence(error)).not.toContain(secret)
  })
}

function discoveryTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('discovery is stable, its types are ones that keep their values, its keys are columns', async () => {
    const schemas = await connector.discover(suite.config(), never)
    expect(await connector.discover(suite.config(), never)).toEqual(schemas)
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
    expect(await connector.discover(suite.config(), never, [source().missing])).toEqual([])
    const { columns } = await suite.discoverOne()
    const error = await failure(allBatches(connector.read(suite.config(), { location: source().missing, columns, batchBytes: BATCH_BYTES }, never)))
    expect(error).toMatchObject({ code: 'missing_table', isRetryable: false })
  })
}

function readTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('batches are cut at row ends and hold every row once', async () => {
    const schema = await suite.discoverOne()
    const batches = await suite.read(schema)
    expect(batches.length).toBeGreaterThan(1)
    for (const { bytes, rows } of batches) {
      const parsed = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
      expect(parsed.length).toBe(rows)
      for (const row of parsed) expect(row.length).toBe(schema.columns.length)
    }
    for (const { bytes } of batches.slice(0, -1)) expect(bytes.length).toBeGreaterThanOrEqual(BATCH_BYTES)
    expect(countRows(batches)).toBe(source().rows)
  })

  test('columns come in the order asked for, each as its encoding promises', async () => {
    const schema = await suite.discoverOne()
    const columns = schema.columns.toReversed()
    const batches = await allBatches(connector.read(suite.config(), { location: schema.location, columns, batchBytes: BATCH_BYTES }, never))
    const rows = batches.flatMap(({ bytes }) => parseCsv(new TextDecoder().decode(bytes)))
    expect(rows.length).toBe(source().rows)
    const broken = rows.flatMap((row) => columns.flatMap((column, index) => (isEncoded(row[index] ?? null, column) ? [] : [`${column.name}: ${row[index]}`])))
    expect(broken).toEqual([])
  })
}

function cursorTests<Config>(suite: Suite<Config>): void {
  const { source } = suite

  test('a read since a cursor has the rows that share it, and those without a value', async () => {
    const { column, from, rows } = source().cursor
    expect(countRows(await suite.read(await suite.discoverOne(), { since: { column, from } }))).toBe(rows)
  })

  test('a hostile cursor fails in words and changes nothing', async () => {
    const schema = await suite.discoverOne()
    const { column } = source().cursor
    for (const from of [`'; DROP TABLE x; --`, `\\'; SELECT 1; --`, `') OR ('1'='1`, '\0', '']) {
      const error = await failure(suite.read(schema, { since: { column, from } }))
      expect(error.title).toBeTruthy()
      expect(error.code).not.toBe('internal')
    }
    expect(countRows(await suite.read(schema))).toBe(source().rows)
  })
}

function freeingTests<Config>(suite: Suite<Config>): void {
  const { connector } = suite
  const slowly = ({ location, columns }: DiscoveredSchema, signal = never) => connector.read(suite.config(), { location, columns, batchBytes: 1024 }, signal)

  test('leaving a read early frees the source', async () => {
    let rows = 0
    for await (const batch of onlyBytes(slowly(await suite.discoverOne()))) {
      rows += batch.rows
      break
    }
    expect(rows).toBeGreaterThan(0)
    await expect.poll(suite.source().held, FREED).toBe(0)
  })

  test('an abort ends a read in words and frees the source', async () => {
    const schema = await suite.discoverOne()
    const abort = new AbortController()
    const reading = (async () => {
      for await (const batch of onlyBytes(slowly(schema, abort.signal))) if (batch.rows) abort.abort()
    })()
    expect(await failure(reading)).toMatchObject({ code: 'cancelled' })
    await expect.poll(suite.source().held, FREED).toBe(0)
  })

  test('an abort before the start starts nothing', async () => {
    const schema = await suite.discoverOne()
    const signal = AbortSignal.abort()
    expect((await failure(connector.discover(suite.config(), signal))).code).toBe('cancelled')
    expect((await failure(suite.read(schema, { signal }))).code).toBe('cancelled')
    expect((await all(connector.check(suite.config(), signal))).at(-1)?.status).toBe('failed')
    await expect.poll(suite.source().held, FREED).toBe(0)
  })

  test('a finished read frees the source', async () => {
    await suite.read(await suite.discoverOne())
    await expect.poll(suite.source().held, FREED).toBe(0)
  })
}

function countRows(batches: BytesBatch[]): number {
  return batches.reduce((sum, { rows }) => sum + rows, 0)
}

async function* onlyBytes(batches: AsyncIterable<Batch>): AsyncGenerator<BytesBatch> {
  for await (const batch of batches) if (batch.kind === 'bytes') yield batch
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** Every batch, copied: the reader may use a batch's memory again. */
async function allBatches(batches: AsyncIterable<Batch>): Promise<BytesBatch[]> {
  const list: BytesBatch[] = []
  for await (const batch of onlyBytes(batches)) list.push({ ...batch, bytes: new Uint8Array(batch.bytes) })
  return list
}

/** The error of what must fail, which must be one in words. */
async function failure(work: Promise<unknown>): Promise<ErrorView> {
  const error: unknown = await work.then(() => undefined, (caught: unknown) => caught)
  if (error instanceof AppError) return error
  throw new Error('It did not fail in words', { cause: error })
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
