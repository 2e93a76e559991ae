import { expect, test } from 'vitest'
import { AppError, toSentence, type ErrorView } from '@/lib/core/errors'
import { ChangesLost } from '../changes-lost'
import type { Bookmark, ChangesRequest, DiscoveredSchema, RowsBatch, SourceColumn } from '../contract'
import { failure, never, onlyRows, type Suite, type SuiteSource } from './suite'
import { TrackedTable } from './tracked-table'

/** A source whose changes the connector follows by itself. */
export interface TrackedSource extends SuiteSource {
  /** A config whose secret may not read the schema, and what must be granted, as people know it. */
  unscoped: { config: Record<string, unknown>; scope: string }
  /** Creates, changes and deletes a few rows upstream. Gives the primary keys, as `keyOf` writes them, that were written and that are gone. */
  change(): Promise<{ written: string[]; removed: string[] }>
}

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
    const table = new TrackedTable(schema.primaryKey)
    for (const batch of onlyRows(await suite.read(schema))) {
      table.apply(batch)
      const broken = batch.rows.flatMap((row) => schema.columns.flatMap((column) => (fits(row[column.name], column) ? [] : [`${column.name}: ${JSON.stringify(row[column.name])}`])))
      expect(broken).toEqual([])
      for (const row of batch.rows) for (const column of schema.primaryKey) expect(row[column] ?? null).not.toBeNull()
    }
    expect(table.rows.size).toBe(source().rows)
  })

  test('bookmarks are JSON of at most 64 kB, and the last batch has one', async () => {
    const batches = onlyRows(await suite.read(await suite.discoverOne()))
    expect(batches.at(-1)?.bookmark).toBeDefined()
    for (const { bookmark } of batches) {
      if (!bookmark) continue
      expect(JSON.parse(JSON.stringify(bookmark))).toEqual(bookmark)
      expect(JSON.stringify(bookmark).length).toBeLessThanOrEqual(BOOKMARK_BYTES)
    }
  })
}

function resumeTests<Config>(suite: Suite<Config, TrackedSource>): void {
  test('a read that is resumed from a bookmark of an interrupted one gives what was missing, and each time the same', async () => {
    const schema = await suite.discoverOne()
    const batches = onlyRows(await suite.read(schema))
    const whole = new TrackedTable(schema.primaryKey).applyAll(batches)
    const stops = batches.flatMap(({ bookmark }, index) => (bookmark && index % Math.ceil(batches.length / RESUMED) === 0 && index < batches.length - 1 ? [{ bookmark, index }] : []))
    for (const { bookmark, index } of stops) {
      const rests = [await everythingFrom(suite, schema, bookmark), await everythingFrom(suite, schema, bookmark)]
      for (const rest of rests) expect(new TrackedTable(schema.primaryKey).applyAll([...batches.slice(0, index + 1), ...rest]).differences(whole)).toEqual([])
    }
  })

  test('a bookmark that cannot be understood loses nothing', async () => {
    const schema = await suite.discoverOne()
    const whole = new TrackedTable(schema.primaryKey).applyAll(onlyRows(await suite.read(schema)))
    for (const bookmark of hostileBookmarks()) {
      expect(new TrackedTable(schema.primaryKey).applyAll(await everythingFrom(suite, schema, bookmark)).differences(whole)).toEqual([])
      await expect(suite.read(schema, { changes: { read: 'changes', bookmark } })).rejects.toBeInstanceOf(ChangesLost)
    }
  })
}

function changesTests<Config>(suite: Suite<Config, TrackedSource>): void {
  const { source } = suite

  test('a read of changes with nothing new has no rows and a bookmark', async () => {
    const schema = await suite.discoverOne()
    const settled = await changesFrom(suite, schema, lastBookmark(onlyRows(await suite.read(schema))))
    const again = await changesFrom(suite, schema, lastBookmark(settled))
    expect(again.flatMap(({ rows, removals }) => [...rows, ...removals])).toEqual([])
    expect(lastBookmark(again)).toBeDefined()
  })

  test('a read of changes ends where a read of everything does, and a second one gives the same', async () => {
    const schema = await suite.discoverOne()
    const first = onlyRows(await suite.read(schema))
    const bookmark = lastBookmark(first)
    const { written, removed } = await source().change()
    const fresh = new TrackedTable(schema.primaryKey).applyAll(onlyRows(await suite.read(schema)))
    for (const key of written) expect(fresh.rows.has(key)).toBe(true)
    for (const key of removed) expect(fresh.rows.has(key)).toBe(false)
    for (let round = 0; round < 2; round++) {
      const followed = await changesFrom(suite, schema, bookmark)
      expect(new TrackedTable(schema.primaryKey).applyAll([...first, ...followed]).differences(fresh)).toEqual([])
    }
  })
}

function scopeTests<Config>(suite: Suite<Config, TrackedSource>): void {
  const { connector, source } = suite

  test('a schema that the secret may not read is shown with the scope that is missing, and a read of it names it too', async () => {
    const { config, scope } = source().unscoped
    const [schema] = await connector.discover(suite.config(config), never, [source().location])
    const problems: (ErrorView | null)[] = [schema?.problem ?? null, await failure(suite.read(await suite.discoverOne(), { config }))]
    for (const problem of problems) {
      expect(problem).toMatchObject({ code: 'permission', isRetryable: false, advice: expect.any(String) })
      expect(problem && toSentence(problem)).toContain(scope)
    }
  })
}

async function everythingFrom<Config>(suite: Suite<Config, TrackedSource>, schema: DiscoveredSchema, bookmark: Bookmark): Promise<RowsBatch[]> {
  return readWith(suite, schema, { read: 'everything', bookmark })
}

async function changesFrom<Config>(suite: Suite<Config, TrackedSource>, schema: DiscoveredSchema, bookmark: Bookmark): Promise<RowsBatch[]> {
  return readWith(suite, schema, { read: 'changes', bookmark })
}

/** A bookmark is stored as JSON between two reads. */
async function readWith<Config>(suite: Suite<Config, TrackedSource>, schema: DiscoveredSchema, { read, bookmark }: ChangesRequest): Promise<RowsBatch[]> {
  return onlyRows(await suite.read(schema, { changes: { read, bookmark: structuredClone(bookmark) } }))
}

function lastBookmark(batches: RowsBatch[]): Bookmark {
  const bookmark = batches.at(-1)?.bookmark
  if (!bookmark) throw new AppError('internal', { title: 'The last batch has no bookmark' })
  return bookmark
}

function hostileBookmarks(): Bookmark[] {
  return [{}, { version: 0 }, { windows: [{ from: "'; DROP TABLE x; --" }] }, { event: { id: '../../x', created: -1 } }]
}

const INTEGER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT)$/

/** Would the stage keep this value in this column as what it is? Text and JSON columns hold anything. */
function fits(value: unknown, { type, encoding, nullable }: SourceColumn): boolean {
  if (value === undefined || value === null) return nullable
  if (encoding === 'epoch' || INTEGER.test(type)) return Number.isSafeInteger(value) || typeof value === 'bigint'
  if (type === 'BOOLEAN') return typeof value === 'boolean'
  if (type === 'FLOAT' || type === 'DOUBLE') return typeof value === 'number'
  if (type.startsWith('DECIMAL')) return /^-?\d+(\.\d+)?$/.test(String(value))
  return true
}
