import { expect, test } from 'vitest'
import { toSentence, type ErrorView } from '@/lib/core/errors'
import { configFields } from '../config-fields'
import { changesTests } from './changes-tests'
import { misfit } from './misfits'
import { failure, never, onlyRows, type Suite, type TrackedSource } from './suite'
import { shortened, TrackedTable } from './tracked-table'
import { changesLost, everythingFrom } from './tracked-reads'

const BOOKMARK_BYTES = 64 * 1024
const RESUMED = 7

/** What holds for `rows` batches and for bookmarks. */
export function rowsTests<Config>(suite: Suite<Config, TrackedSource>): void {
  batchTests(suite)
  resumeTests(suite)
  changesTests(suite)
  scopeTests(suite)
}

function batchTests<Config>(suite: Suite<Config, TrackedSource>): void {
  const { source } = suite

  test('every row is read, has its key, and fits its columns', async () => {
    const schema = await suite.discoverOne()
    const table = new TrackedTable(schema)
    let given = 0
    for (const batch of onlyRows(await suite.read(schema))) {
      table.apply(batch)
      given += batch.rows.length
      const withoutKey = batch.rows.filter((row) => schema.primaryKey.some((column) => (row[column] ?? null) === null))
      expect(shortened(withoutKey.map((row) => JSON.stringify(row).slice(0, 240))), `Rows without a value in their key (${schema.primaryKey.join(', ')})`).toEqual([])
      const broken = batch.rows.flatMap((row) => schema.columns.flatMap((column) => lineOf(table.keyOf(row), row[column.name], column.name, misfit(row[column.name], column))))
      expect(shortened(broken), 'Values that do not fit the types of their columns: declare the columns as what the values are').toEqual([])
    }
    expect(table.rows.size, `Rows with different keys, of ${given} that were given; \`rows\` says how many there are upstream`).toBe(source().rows)
  })

  test('bookmarks are JSON of at most 64 kB, and the last batch has one', async () => {
    const batches = onlyRows(await suite.read(await suite.discoverOne()))
    expect(batches.at(-1)?.bookmark, 'The bookmark of the last batch: it may be a batch without rows').toBeDefined()
    for (const [index, { bookmark }] of batches.entries()) {
      if (!bookmark) continue
      expect(JSON.parse(JSON.stringify(bookmark)), `The bookmark of batch ${index}, once it was stored as JSON`).toEqual(bookmark)
      expect(JSON.stringify(bookmark).length, `Characters of the bookmark of batch ${index}: give what it remembers a bound`).toBeLessThanOrEqual(BOOKMARK_BYTES)
    }
  })
}

function lineOf(key: string, value: unknown, column: string, why: string | null): string[] {
  return why === null ? [] : [`${key}.${column}: ${JSON.stringify(value)?.slice(0, 120)} ${why}`]
}

function resumeTests<Config>(suite: Suite<Config, TrackedSource>): void {
  test('a read that is resumed from a bookmark of an interrupted one gives what was missing, and each time the same', async () => {
    const schema = await suite.discoverOne()
    const batches = onlyRows(await suite.read(schema))
    const whole = new TrackedTable(schema).applyAll(batches)
    const stops = batches.flatMap(({ bookmark }, index) => (bookmark && index % Math.ceil(batches.length / RESUMED) === 0 && index < batches.length - 1 ? [{ bookmark, index }] : []))
    for (const { bookmark, index } of stops) {
      for (const time of ['first', 'second']) {
        const table = new TrackedTable(schema).applyAll([...batches.slice(0, index + 1), ...(await everythingFrom(suite, schema, bookmark))])
        expect(table.differences(whole), `The table after batches 0 to ${index}, and what a read from the bookmark of batch ${index} gives, the ${time} time: a bookmark covers its batch and all before it, and nothing else`).toEqual([])
      }
    }
  })

  test('a bookmark that cannot be understood loses nothing', async () => {
    const schema = await suite.discoverOne()
    const whole = new TrackedTable(schema).applyAll(onlyRows(await suite.read(schema)))
    for (const bookmark of hostileBookmarks()) {
      const table = new TrackedTable(schema).applyAll(await everythingFrom(suite, schema, bookmark))
      expect(table.differences(whole), `The table after a read of everything from the bookmark ${JSON.stringify(bookmark)}, which is none of ours: begin anew`).toEqual([])
      await changesLost(suite, schema, bookmark)
    }
  })
}

function scopeTests<Config>(suite: Suite<Config, TrackedSource>): void {
  const { connector, source } = suite

  test('a schema that the secret may not read is shown with the scope that is missing, and a read of it names it too', async () => {
    const { unscoped: { config, scope }, secrets } = source()
    const [schema] = await connector.discover(suite.config(config), never, [source().location])
    expect(schema?.name, 'The schema that may not be read: it is listed all the same, with its `problem`').toBeDefined()
    const problems: Record<string, ErrorView | null> = {
      'The `problem` of the schema that may not be read': schema?.problem ?? null,
      'The failure of a read without the permission': await failure(suite.read(await suite.discoverOne(), { config })),
    }
    const held = configFields(connector).filter(({ name, secret }) => secret && config[name] !== undefined)
    expect(held.flatMap(({ name }) => (secrets.includes(String(config[name])) ? [] : [name])), 'Secret fields of `unscoped` whose value `secrets` does not list').toEqual([])
    for (const [what, problem] of Object.entries(problems)) {
      expect(problem, `${what}: it is in words`).toMatchObject({ code: 'permission', isRetryable: false, advice: expect.any(String) })
      expect(problem && toSentence(problem), `${what}: it names what must be granted`).toContain(scope)
      for (const { name } of held) expect(problem && toSentence(problem), `${what}: it does not tell the secret ${name}`).not.toContain(String(config[name]))
    }
  })
}

function hostileBookmarks() {
  return [{}, { version: 0 }, { windows: [{ from: "'; DROP TABLE x; --" }] }, { event: { id: '../../x', created: -1 } }]
}
