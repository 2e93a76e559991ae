import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { inParallel, randomOf, type Random } from '@/test/random'
import { makeSchema, snapshotOf, sync, tableObjects, type JobChange, type Schema } from '@/test/sync-room'
import { TrackedSource, expectedRows } from '@/test/tracked-source'
import type { SyncReport } from './types'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const HISTORIES = 200
const VALUES = [null, '', '\\N', 'a"b', 'two\nlines', 0, 1.5, true, [], { b: null, a: ['😀'] }]
const cut = new AppError('unreachable', { title: 'The connection was cut' }, { isRetryable: true })

type Table = Map<string, Record<string, string | null>>

/** A source that changes, is cut, forgets, and deletes without a word; and the table that is kept up with it. */
class History {
  readonly source = new TrackedSource()
  /** Rows that went without a word since everything was read last. */
  readonly ghosts = new Set<string>()
  /** The table after the last sync that was not cut. */
  table: Table = new Map()
  /** Where a report was wrong. */
  readonly problems: string[] = []
  readonly seen = { cuts: 0, resumed: 0, lost: 0, found: 0, demoted: 0 }

  /** A table of many rows is compared in another way, where few of them come. */
  private readonly ids: number

  constructor(
    private readonly random: Random,
    private readonly schema: Schema,
  ) {
    this.ids = random(2) ? 12 : 60
    if (this.ids > 12) this.source.putMany(50)
    this.source.batchRows = () => 1 + random(6)
    this.source.hasBookmark = () => random(4) > 0
  }

  change(): void {
    const { random, source } = this
    for (let count = random(6); count > 0; count--) {
      if (random(3) > 0) this.put()
      else source.remove([{ id: this.id() }, { id: this.id() }, { parent: this.parent() }, { parent: this.parent(), id: this.id() }][random(4)] ?? {})
    }
    if (random(6) === 0) this.vanish(this.id())
    if (random(6) === 0) source.oldestEvent = random(source.events.length + 1)
  }

  private put(): void {
    const { random, source } = this
    const id = this.id()
    this.ghosts.delete(id)
    const field = random(8) === 0 ? { [`new_${random(3)}`]: this.value() } : {}
    const row = { id, parent: this.parent(), amount: random(40) === 0 ? 1.5 : random(5), at: 1_700_000_000 + random(3), flag: random(2) === 0, data: this.value(), text: String(this.value()), ...field }
    const known = source.rows.get(id)
    const name = (['at', 'flag', 'data', 'text', 'id'] as const)[random(5)] ?? 'id'
    // as it was, but for one value or none
    source.put(known && random(2) ? { ...known, [name]: row[name] } : row)
  }

  private vanish(id: string): void {
    if (this.source.rows.has(id)) this.ghosts.add(id)
    this.source.removeSilently({ id })
  }

  private id = () => `t_${String(this.random(this.ids)).padStart(6, '0')}`
  private parent = () => `p_${this.random(3)}`
  private value = () => VALUES[this.random(VALUES.length)]

  /** One sync, which may be cut, and during which the source may change. Null: it was cut. */
  async sync(change: JobChange, isSteady = false): Promise<SyncReport | null> {
    const { random, source } = this
    const cutAt = isSteady || random(3) ? -1 : random(6)
    source.onBatch = (number) => {
      if (number === cutAt) throw cut
      if (!isSteady && random(6) === 0) this.put()
    }
    const log: JobChange['log'] = (_, message) => {
      if (message.startsWith('Going on')) this.seen.resumed++
    }
    try {
      const report = await sync(this.schema, source, { method: 'incremental', checkpointSeconds: cutAt < 0 ? 60 : 0, log, ...change })
      const before = this.table
      if (report.isChanged) this.table = await this.readTable()
      this.check(report, before)
      return report
    } catch (error) {
      if (error !== cut) throw error
      this.seen.cuts++
      return null
    }
  }

  private async readTable(): Promise<Table> {
    const rows = await tableObjects(this.schema)
    const table = new Map(rows.map((row) => [String(row.id), row]))
    if (table.size !== rows.length) this.problems.push('a key is there twice')
    return table
  }

  /** What the report says is what happened. */
  private check(report: SyncReport, before: Table): void {
    const after = this.table
    const isReplaced = /first sync|asked for|changed type/.test(report.fullReason ?? '')
    if (report.fullReason?.includes('forgot')) this.seen.lost++
    this.seen.found += report.warnings.filter(({ message }) => message.startsWith('A field')).length
    this.seen.demoted += report.warnings.filter(({ message }) => message.startsWith('Kept')).length
    const names = [...new Set([...before.values(), ...after.values()].flatMap((row) => Object.keys(row)))]
    const valuesOf = (row: Record<string, string | null>) => names.map((name) => row[name] ?? null)
    const kept = [...after].filter(([id]) => before.has(id))
    const updated = kept.filter(([id, row]) => !isDeepStrictEqual(valuesOf(row), valuesOf(before.get(id) ?? {}))).length
    const counts = isReplaced && report.isChanged ? { inserted: after.size, updated: 0, deleted: before.size } : { inserted: after.size - kept.length, updated, deleted: before.size - kept.length }
    const told = { inserted: report.inserted, updated: report.updated, deleted: report.deleted, rows: report.rows }
    const happened = { ...counts, rows: after.size }
    if (!isDeepStrictEqual(told, happened)) this.problems.push(`${JSON.stringify(told)} was told and ${JSON.stringify(happened)} happened: ${report.fullReason}`)
  }

  /** The rows of the table, and those upstream; without what may still be in the table since nobody told of its end. */
  async compare(): Promise<{ table: unknown; upstream: unknown }> {
    const { columns } = await snapshotOf(this.schema)
    const expected = expectedRows(this.source, columns.flatMap(({ sourceName }) => sourceName ?? []))
    const visible = [...(await this.readTable())].filter(([id]) => !this.ghosts.has(id) || this.source.rows.has(id))
    return { table: new Map(visible), upstream: new Map(expected.map((row) => [String(row.id), row])) }
  }
}

it(`a table that follows changes equals its source after each of ${HISTORIES} random histories, and a sync run twice changes nothing`, async () => {
  const seen: History['seen'][] = []
  await inParallel(HISTORIES, 4, async (seed) => {
    const random = randomOf(seed + 1)
    const history = new History(random, await makeSchema())
    for (let steps = 2 + random(3); steps > 0; steps--) {
      history.change()
      await history.sync({ isListingDue: random(6) === 0, isFull: random(12) === 0 })
    }
    // the first one may go on from a read that was cut, and tell what was true then
    await history.sync({}, true)
    await history.sync({}, true)
    const followed = await history.compare()
    expect({ seed, rows: followed.table }).toEqual({ seed, rows: followed.upstream })
    const repeats = [await history.sync({}, true)]
    await history.sync({ isListingDue: true }, true)
    history.ghosts.clear()
    const listed = await history.compare()
    expect({ seed, rows: listed.table }).toEqual({ seed, rows: listed.upstream })
    if (random(3) === 0) repeats.push(await history.sync({ isListingDue: true }, true))
    expect({ seed, changed: repeats.filter((report) => report?.isChanged), problems: history.problems }).toEqual({ seed, changed: [], problems: [] })
    seen.push(history.seen)
  })
  const total = (of: keyof History['seen']) => seen.reduce((sum, each) => sum + each[of], 0)
  for (const kind of ['cuts', 'resumed', 'lost', 'found', 'demoted'] as const) expect([kind, total(kind)]).toEqual([kind, expect.toSatisfy((count: number) => count > HISTORIES / 20)])
}, 240_000)
