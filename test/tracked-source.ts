import { z } from 'zod'
import { ChangesLost } from '@/lib/connectors/changes-lost'
import type { Bookmark, TablesConnector, DiscoveredSchema, ReadRequest, RowsBatch, SourceColumn } from '@/lib/connectors/contract'
import { column } from './memory-source'

export type TrackedRow = Record<string, unknown>

type Event = { row: TrackedRow } | { removal: Record<string, string> }

/** Where a read goes on: the rows after a key, or none when it was whole; and the events from a number on. */
const KnownBookmark = z.object({ event: z.number(), after: z.string().optional(), isWhole: z.boolean().optional() })

/**
 * A list of objects in memory with a record of its changes: what an API is upstream in tests of the pipeline. Everything is
 * read in the order of the keys; a change is told with the row as it was then, so that old news comes before new.
 */
export class TrackedSource {
  primaryKey = ['id']
  columns: SourceColumn[] = [column('id', 'VARCHAR', { nullable: false }), column('parent', 'VARCHAR'), column('amount', 'BIGINT'), column('at', 'TIMESTAMPTZ', { encoding: 'epoch' }), column('flag', 'BOOLEAN'), column('data', 'JSON'), column('text', 'VARCHAR')]
  traits: Pick<DiscoveredSchema, 'tracking' | 'isOpen' | 'forgets'> = { tracking: 'changes', isOpen: true }
  rows = new Map<string, TrackedRow>()
  events: Event[] = []
  /** Events with a smaller number are forgotten. */
  oldestEvent = 0
  /** Rows or events per batch; asked for each batch. */
  batchRows: () => number = () => 100
  /** Does this batch have a bookmark? The last one always has. */
  hasBookmark: () => boolean = () => true
  /** Called before each batch is given, with its number; may throw, wait, abort or kill. */
  onBatch: (number: number) => void | Promise<void> = () => undefined
  requests: ReadRequest[] = []
  /** How many rows were given, over all reads. */
  rowsGiven = 0
  /** Told before the first batch. */
  onRead: (request: ReadRequest) => void = () => undefined

  /** So many rows of the same make, numbered from `first`. */
  putMany(count: number, first = 0, change: TrackedRow = {}): void {
    for (let number = first; number < first + count; number++) {
      this.put({ id: `t_${String(number).padStart(6, '0')}`, parent: `p_${number % 50}`, amount: number, at: 1_700_000_000 + number, flag: number % 2 === 0, data: { number }, text: `thing ${number}`, ...change })
    }
  }

  put(row: TrackedRow): void {
    this.rows.set(String(row.id), row)
    this.events.push({ row })
  }

  /** Every row that has these values goes. */
  remove(removal: Record<string, string>): void {
    this.removeSilently(removal)
    this.events.push({ removal })
  }

  /** The record of changes does not tell of it. */
  removeSilently(removal: Record<string, string>): void {
    for (const [id, row] of this.rows) if (Object.entries(removal).every(([name, value]) => String(row[name]) === value)) this.rows.delete(id)
  }

  get discovered(): DiscoveredSchema {
    return { name: 'things', location: { list: 'things' }, kind: 'list', columns: this.columns, primaryKey: this.primaryKey, rowsEstimate: null, bytesEstimate: null, replicationKeys: [], problem: null, ...this.traits }
  }

  get connector(): TablesConnector {
    const read = (_: unknown, request: ReadRequest) => this.read(request)
    return { id: 'tracked', label: 'Tracked', group: 'managed', category: 'test', description: '', config: z.unknown(), instructions: [], suggestName: () => 'tracked', check: async function* () {}, discover: async () => [this.discovered], describe: () => this.discovered, read }
  }

  private async *read(request: ReadRequest): AsyncGenerator<RowsBatch> {
    this.requests.push(request)
    const { changes } = request
    if (!changes) throw new Error('a tracked schema is read by its changes')
    const bookmark = KnownBookmark.safeParse(changes.bookmark).data
    if (changes.read === 'changes' && (!bookmark || bookmark.event < this.oldestEvent)) throw new ChangesLost('the source forgot what changed')
    this.onRead(request)
    const batches = changes.read === 'changes' ? this.changesFrom(bookmark?.event ?? 0) : this.everythingFrom(bookmark)
    let number = 0
    for (const batch of batches) {
      await this.onBatch(number++)
      this.rowsGiven += batch.rows.length
      yield batch
    }
  }

  private *everythingFrom(bookmark: z.infer<typeof KnownBookmark> | undefined): Generator<RowsBatch> {
    const event = bookmark?.event ?? this.events.length
    const after = bookmark?.after ?? ''
    const keys = bookmark?.isWhole ? [] : [...this.rows.keys()].filter((key) => key > after).sort()
    for (let at = 0; at < keys.length; ) {
      const batch = keys.slice(at, (at += this.batchRows()))
      const rows = batch.flatMap((key): TrackedRow[] => (this.rows.has(key) ? [this.rows.get(key) ?? {}] : []))
      yield batchOf(rows, [], this.hasBookmark() ? { event, after: batch.at(-1) } : undefined)
    }
    yield batchOf([], [], { event, isWhole: true })
  }

  /** A removal takes effect before the rows of its batch: one that comes after a row begins the next. */
  private *changesFrom(from: number): Generator<RowsBatch> {
    let at = from
    while (at < this.events.length) {
      const rows: TrackedRow[] = []
      const removals: Record<string, string>[] = []
      for (let count = this.batchRows(); count > 0 && at < this.events.length; count--) {
        const event = this.events[at]
        if (event && 'removal' in event && rows.length) break
        if (event && 'removal' in event) removals.push(event.removal)
        else if (event) rows.push(event.row)
        at++
      }
      yield batchOf(rows, removals, this.hasBookmark() ? { event: at } : undefined)
    }
    yield batchOf([], [], { event: at })
  }
}

function batchOf(rows: TrackedRow[], removals: Record<string, string>[], bookmark: Bookmark | undefined): RowsBatch {
  return { kind: 'rows', rows, removals, bytes: rows.length * 100, ...(bookmark ? { bookmark } : {}) }
}

/** The rows upstream as the table should show them. */
export function expectedRows(source: TrackedSource, names: string[]): Record<string, string | null>[] {
  const types = new Map(source.columns.map(({ name, type }) => [name, type]))
  return [...source.rows.values()].map((row) => Object.fromEntries(names.map((name) => [name, textOf(Object.hasOwn(row, name) ? row[name] : null, types.get(name) ?? 'JSON')])))
}

function textOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null
  if (type === 'JSON') return JSON.stringify(value)
  if (type === 'TIMESTAMPTZ') return new Date(Number(value) * 1000).toISOString().replace('T', ' ').replace('.000Z', '+00')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
