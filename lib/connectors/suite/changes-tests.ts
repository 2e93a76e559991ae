import { expect, test } from 'vitest'
import type { DiscoveredSchema, RowsBatch } from '../contract'
import { removalMisfit } from './misfits'
import { onlyRows, type Suite, type TrackedSource } from './suite'
import { shortened, TrackedTable } from './tracked-table'
import { changesFrom, lastBookmark } from './tracked-reads'

/** What holds for reads of what changed. */
export function changesTests<Config>(suite: Suite<Config, TrackedSource>): void {
  const { source } = suite

  test('a read of changes with nothing new has no rows and a bookmark', async () => {
    const schema = await suite.discoverOne()
    await expectNothingNew(suite, schema, onlyRows(await suite.read(schema)))
  })

  test('a read of changes ends where a read of everything does, and a second one gives the same', async () => {
    const schema = await suite.discoverOne()
    const first = onlyRows(await suite.read(schema))
    const bookmark = lastBookmark(first)
    const fresh = await changedTable(suite, schema)
    for (const time of ['first', 'second']) {
      const followed = await changesFrom(suite, schema, bookmark)
      expect(unfitRemovals(schema, followed), 'Removals that no row can match').toEqual([])
      expect(new TrackedTable(schema).applyAll([...first, ...followed]).differences(fresh), `The table after a load and the changes since its bookmark, read the ${time} time, against a fresh load`).toEqual([])
    }
  })

  test('changes are followed from the bookmark of a read that had changes, and so on', async () => {
    const schema = await suite.discoverOne()
    const batches = onlyRows(await suite.read(schema))
    for (const round of [1, 2, 3]) {
      const fresh = await changedTable(suite, schema)
      batches.push(...(await changesFrom(suite, schema, lastBookmark(batches))))
      expect(new TrackedTable(schema).applyAll(batches).differences(fresh), `The table after ${round} rounds of changes, each read from the last bookmark, against a fresh load`).toEqual([])
    }
    await expectNothingNew(suite, schema, batches)
  })

  test('what is created, changed and deleted during a load is not lost by the read of changes that follows', async () => {
    const schema = await suite.discoverOne()
    const batches: RowsBatch[] = []
    let changes = 0
    for await (const batch of suite.reading(schema)) {
      if (batch.kind === 'rows') batches.push(structuredClone(batch))
      if (changes < 2 && batches.some(({ rows }) => rows.length > 0)) changes += (await source().change()) ? 1 : 0
    }
    expect(changes, 'Changes made during the load: it needs several batches').toBe(2)
    const fresh = new TrackedTable(schema).applyAll(onlyRows(await suite.read(schema)))
    const followed = await changesFrom(suite, schema, lastBookmark(batches))
    const table = new TrackedTable(schema).applyAll([...batches, ...followed])
    expect(table.differences(fresh), 'The table after a load during which much changed, and the changes since its bookmark, against a fresh load: note before the first page where the changes are, and where the deletions are').toEqual([])
  })
}

/** Changes the source. Gives a fresh load, which shows that `change` says what it did. */
async function changedTable<Config>(suite: Suite<Config, TrackedSource>, schema: DiscoveredSchema): Promise<TrackedTable> {
  const { written, removed } = await suite.source().change()
  const fresh = new TrackedTable(schema).applyAll(onlyRows(await suite.read(schema)))
  expect(shortened(written.filter((key) => !fresh.has(key))), 'Keys that `change` says were written, and that a fresh load does not have').toEqual([])
  expect(shortened(removed.filter((key) => fresh.has(key))), 'Keys that `change` says are gone, and that a fresh load has').toEqual([])
  return fresh
}

/** Once what settles by itself has settled, a read gives nothing. @param known every batch so far */
async function expectNothingNew<Config>(suite: Suite<Config>, schema: DiscoveredSchema, known: RowsBatch[]): Promise<void> {
  const settled = await changesFrom(suite, schema, lastBookmark(known))
  const again = await changesFrom(suite, schema, lastBookmark(settled))
  expect(cameAgain(new TrackedTable(schema).applyAll([...known, ...settled]), again), 'What came although nothing is new: remember in the bookmark what was handed out in the overlap, deletions too, and leave it out (lib/connectors/remembered.ts)').toEqual([])
  expect(again.at(-1)?.bookmark, 'The bookmark of a read with nothing new').toBeDefined()
}

/** A line for each kind of thing that came although nothing changed. */
function cameAgain(known: TrackedTable, again: RowsBatch[]): string[] {
  const rows = again.flatMap((batch) => batch.rows)
  const removals = again.flatMap((batch) => batch.removals)
  const other = rows.filter((row) => !known.hasSame(row))
  const told = (count: number, what: string, examples: string[]) => (count ? [`${count} ${what}: ${shortened(examples).join(', ')}`] : [])
  return [
    ...told(rows.length - other.length, 'rows came again as they were', rows.filter((row) => known.hasSame(row)).map((row) => known.keyOf(row))),
    ...told(other.length, 'rows came with other values', other.map((row) => known.keyOf(row))),
    ...told(removals.length, 'removals came', removals.map((removal) => JSON.stringify(removal))),
  ]
}

function unfitRemovals({ columns }: DiscoveredSchema, batches: RowsBatch[]): string[] {
  return shortened(batches.flatMap(({ removals }) => removals.flatMap((removal) => Object.entries(removal).flatMap(([name, text]) => removalMisfit(name, text, columns) ?? []))))
}
