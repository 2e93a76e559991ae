import { expect, test } from 'vitest'
import { toSentence } from '@/lib/core/errors'
import { configFields } from '../config-fields'
import { all, failure, listener, never, rowsOf, type Suite } from './suite'

const TYPES = /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL\(\d{1,2},\d{1,2}\)|VARCHAR|JSON|BLOB|UUID|DATE|TIME|TIMESTAMP|TIMESTAMPTZ)(\[\])?$/
const FREED = { timeout: 2_000, interval: 20 }

/** What holds for every connector, whatever its batches. */
export function everyConnectorTests<Config>(suite: Suite<Config>): void {
  configTests(suite)
  secretTests(suite)
  discoveryTests(suite)
  freeingTests(suite)
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
    const steps = await all(connector.check(suite.config(source().wrongSecret), never))
    expect(steps.slice(0, -1).every(({ status }) => status !== 'failed')).toBe(true)
    expect(steps.at(-1)?.error).toMatchObject({ code: 'credentials', isRetryable: false, advice: expect.any(String) })
  })

  test('no error and no line of the log tells a secret', async () => {
    const wrong = suite.config(source().wrongSecret)
    const schema = await suite.discoverOne()
    const { observer, lines } = listener()
    const errors = [
      ...(await all(connector.check(wrong, never))).flatMap(({ error }) => (error ? [error] : [])),
      await failure(connector.discover(wrong, never)),
      await failure(suite.read(schema, { config: source().wrongSecret, observer })),
      await failure(suite.read(schema, { location: source().missing, observer })),
    ]
    await suite.read(schema, { observer })
    for (const text of [...errors.map(toSentence), ...lines]) for (const secret of source().secrets) expect(text).not.toContain(secret)
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

  test('what a connector describes without asking is what discovery finds, which may know more columns', async () => {
    if (!connector.describe) return
    const { columns, ...found } = await suite.discoverOne()
    const described = connector.describe(source().location)
    expect({ ...found, columns: columns.slice(0, described?.columns.length) }).toEqual(described)
    expect(connector.describe(source().missing)).toBeNull()
  })

  test('a location that is gone is left out of a discovery, and a read of it is fatal', async () => {
    expect(await connector.discover(suite.config(), never, [source().missing])).toEqual([])
    const error = await failure(suite.read(await suite.discoverOne(), { location: source().missing }))
    expect(error).toMatchObject({ code: 'missing_table', isRetryable: false })
  })
}

function freeingTests<Config>(suite: Suite<Config>): void {
  const { connector } = suite

  test('leaving a read early frees the source within two seconds', async () => {
    let rows = 0
    for await (const batch of suite.reading(await suite.discoverOne(), { batchBytes: 1024 })) {
      rows += rowsOf(batch)
      if (rows) break
    }
    expect(rows).toBeGreaterThan(0)
    await expect.poll(suite.source().held, FREED).toBe(0)
  })

  test('an abort ends a read in words and frees the source within two seconds', async () => {
    const schema = await suite.discoverOne()
    const abort = new AbortController()
    const reading = (async () => {
      for await (const batch of suite.reading(schema, { batchBytes: 1024, signal: abort.signal })) if (rowsOf(batch)) abort.abort()
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
