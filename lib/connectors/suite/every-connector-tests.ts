import { expect, test } from 'vitest'
import { toSentence } from '@/lib/core/errors'
import { configFields } from '../config-fields'
import type { DiscoveredSchema } from '../contract'
import { all, failure, listener, never, rowsOf, stepsInWords, type Suite } from './suite'
import { shortened } from './tracked-table'

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
    const { config, wrongSecret, secrets } = source()
    expect(fields.flatMap(({ name, label }) => (label ? [] : [name])), 'Fields without a label').toEqual([])
    const holders = fields.filter(({ name }) => secrets.includes(String(config[name])))
    expect(holders.length, 'Fields of `config` that hold one of `secrets`').toBeGreaterThan(0)
    expect(holders.flatMap(({ name, secret }) => (secret ? [] : [name])), 'Fields that hold one of `secrets` and are not marked `secret: true`').toEqual([])
    const unlisted = [config, wrongSecret].flatMap((given) => fields.filter(({ name, secret }) => secret && given[name] !== undefined && !secrets.includes(String(given[name]))))
    expect(unlisted.map(({ name }) => name), 'Secret fields of `config` and `wrongSecret` whose value `secrets` does not list').toEqual([])
    expect(connector.suggestName(suite.config()), 'The suggested name').toBeTruthy()
  })

  test('a check passes from the outside in', async () => {
    const steps = await all(connector.check(suite.config(), never))
    expect(stepsInWords(steps.filter(({ status }) => status === 'failed')), 'Steps that failed').toEqual([])
    expect(steps.length, `Steps of the check (${stepsInWords(steps).join(', ')}): at least the address and the sign-in`).toBeGreaterThan(1)
    expect(repeated(steps.map(({ id }) => id)), 'Ids that several steps have').toEqual([])
  })
}

function secretTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('a wrong secret fails the check as its last step, as credentials, with advice', async () => {
    const steps = await all(connector.check(suite.config(source().wrongSecret), never))
    expect(stepsInWords(steps.slice(0, -1).filter(({ status }) => status === 'failed')), 'Steps that failed and were not the last').toEqual([])
    expect(steps.at(-1)?.error, `The error of the last step, of ${stepsInWords(steps).join(', ')}`).toMatchObject({ code: 'credentials', isRetryable: false, advice: expect.any(String) })
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
    const tellers = [...errors.map(toSentence), ...lines].filter((text) => source().secrets.some((secret) => text.includes(secret)))
    expect(tellers, 'Errors and lines of the log that tell one of `secrets`').toEqual([])
  })
}

function discoveryTests<Config>(suite: Suite<Config>): void {
  const { connector, source } = suite

  test('discovery is stable, its types are ones that keep their values, its keys are columns', async () => {
    const schemas = await connector.discover(suite.config(), never)
    expect(await connector.discover(suite.config(), never), 'The schemas of a second discovery').toEqual(schemas)
    expect(repeated(schemas.map(({ name }) => name)), 'Names that several schemas have').toEqual([])
    expect(shortened(schemas.flatMap(mistakesOf)), 'Mistakes in the declared columns and keys').toEqual([])
  })

  test('what a connector describes without asking is what discovery finds, which may know more columns', async () => {
    if (!connector.describe) return
    const { columns, ...found } = await suite.discoverOne()
    const described = connector.describe(source().location)
    expect({ ...found, columns: columns.slice(0, described?.columns.length) }, 'What discovery finds, against what `describe` says').toEqual(described)
    expect(connector.describe(source().missing), 'What `describe` says of the location `missing`').toBeNull()
  })

  test('a location that is gone is left out of a discovery, and a read of it is fatal', async () => {
    expect(await connector.discover(suite.config(), never, [source().missing]), 'Schemas at the location `missing`').toEqual([])
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
    expect(rows, 'Rows before the read was left').toBeGreaterThan(0)
    await expectFreed(suite)
  })

  test('an abort ends a read in words and frees the source within two seconds', async () => {
    const schema = await suite.discoverOne()
    const abort = new AbortController()
    const reading = (async () => {
      for await (const batch of suite.reading(schema, { batchBytes: 1024, signal: abort.signal })) if (rowsOf(batch)) abort.abort()
    })()
    expect(await failure(reading)).toMatchObject({ code: 'cancelled' })
    await expectFreed(suite)
  })

  test('an abort before the start starts nothing', async () => {
    const schema = await suite.discoverOne()
    const signal = AbortSignal.abort()
    expect((await failure(connector.discover(suite.config(), signal))).code).toBe('cancelled')
    expect((await failure(suite.read(schema, { signal }))).code).toBe('cancelled')
    const steps = await all(connector.check(suite.config(), signal))
    expect(steps.at(-1)?.status, `The last step of an aborted check, of ${stepsInWords(steps).join(', ')}`).toBe('failed')
    await expectFreed(suite)
  })

  test('a finished read frees the source', async () => {
    await suite.read(await suite.discoverOne())
    await expectFreed(suite)
  })
}

async function expectFreed<Config>(suite: Suite<Config>): Promise<void> {
  await expect.poll(suite.source().held, { ...FREED, message: 'What the source still holds for us, two seconds later: end what is under way in `finally`' }).toBe(0)
}

/** What is wrong with a schema's columns and keys, a line for each. */
function mistakesOf({ name, columns, primaryKey, replicationKeys }: DiscoveredSchema): string[] {
  const names = columns.map((column) => column.name)
  return [
    ...repeated(names).map((column) => `${name}.${column} is declared twice`),
    ...columns.filter(({ type }) => !TYPES.test(type)).map((column) => `${name}.${column.name}: a file cannot keep every value of the type ${column.type}; VARCHAR with a note keeps it as text`),
    ...columns.filter(({ type, encoding }) => type.endsWith('[]') !== (encoding === 'json-list')).map((column) => `${name}.${column.name}: the type ${column.type} does not go with the encoding ${column.encoding}; arrays, and only they, are json-list`),
    ...[...primaryKey, ...replicationKeys.map((key) => key.name)].filter((key) => !names.includes(key)).map((key) => `${name}: its key ${key} is no column`),
    ...replicationKeys.filter((key) => key.ok !== (key.reason === null)).map((key) => `${name}: its replication key ${key.name} has a reason exactly when it is not ok`),
  ]
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
