import type { Horizon, SourceSnapshot } from '@/lib/connectors/contract'
import { limits } from '@/lib/core/limits'
import { DEFAULT_LOOK_BACK, lookBackKind } from '@/lib/core/look-back'
import { leastCursor, lowerCursor, type Replication } from '@/lib/warehouse/cursor-sql'
import type { Engine } from '@/lib/warehouse/duckdb'
import type { KeyCursor, Latecomers, TableSnapshot } from '@/lib/warehouse/version'
import type { Warning } from './plan-columns'

/** The cursor of a version that is followed by a replication key. */
export function keyCursorOf(former: TableSnapshot | null): KeyCursor | null {
  return former?.cursor && 'value' in former.cursor ? former.cursor : null
}

/** The greatest key that was read before: whatever lies above is new. */
export function greatestRead(cursor: KeyCursor | null): string | null {
  return cursor && (cursor.greatest ?? cursor.value)
}

interface Where {
  cursor: KeyCursor
  /** As it is set for the schema; null for the usual one of the key's type. */
  lookBack: number | null
  snapshot: SourceSnapshot | null
}

/**
 * The key that a read begins at: the cursor; the key from which a transaction could write that was open at the last read and is over now; or the source's
 * clock, should it have been set back. Less the look-back. Null: at the first row.
 */
export async function whereToBegin(engine: Engine, replication: Replication, { cursor, lookBack, snapshot }: Where): Promise<string | null> {
  const horizon = knownHorizon(snapshot)
  const clock = horizon?.clock[replication.orderType]
  const late = (cursor.late ?? []).filter(({ open }) => !horizon || isAnyOver(open, horizon)).map(({ from }) => from)
  const candidates = [cursor.value, ...late, ...(clock === undefined ? [] : [clock])]
  if (candidates.includes(null)) return null
  const from = await leastCursor(engine, replication, candidates.flatMap((each) => each ?? []))
  const kind = lookBackKind(replication.isNumericText ? 'DOUBLE' : replication.orderType)
  return lowerCursor(engine, replication, from, lookBack ?? (kind ? DEFAULT_LOOK_BACK[kind] : 0))
}

function isAnyOver(open: string[], horizon: Horizon): boolean {
  const still = new Set(horizon.stillOpen(open))
  return open.some((name) => !still.has(name))
}

/** What the source tells of open transactions; null when it cannot. */
function knownHorizon(snapshot: SourceSnapshot | null): Horizon | null {
  return snapshot?.horizon && typeof snapshot.horizon !== 'string' ? snapshot.horizon : null
}

interface After {
  /** Of the version that is merged into. */
  former: KeyCursor | null
  /** The greatest key that was read, by this run or before; null without any. */
  greatest: string | null
  snapshot: SourceSnapshot | null
  now: Date
}

/**
 * The cursor after a read. It goes on to the greatest key, since whoever begins later writes above it, and remembers who was open: one that was not open
 * at the last read began after it, and writes no key below the cursor of then. The cursor never passes the source's clock: a key from the
 * future would hide all rows until then.
 */
export async function cursorAfter(engine: Engine, replication: Replication, { former, greatest, snapshot, now }: After): Promise<KeyCursor | null> {
  if (greatest === null) return null
  const horizon = knownHorizon(snapshot)
  const clock = horizon?.clock[replication.orderType]
  const value = clock === undefined ? greatest : await leastCursor(engine, replication, [greatest, clock])
  const late = horizon ? await latecomers(engine, replication, horizon, former, now) : []
  const column = replication.column.sourceName ?? replication.column.name
  return { column, value, ...(value === greatest ? {} : { greatest }), ...(late.length ? { late } : {}) }
}

async function latecomers(engine: Engine, replication: Replication, horizon: Horizon, former: KeyCursor | null, now: Date): Promise<Latecomers[]> {
  const late = (former?.late ?? []).map((group) => ({ ...group, open: horizon.stillOpen(group.open) }))
  const known = new Set(late.flatMap(({ open }) => open))
  const since = now.toISOString()
  const newcomers = horizon.open.filter((name) => !known.has(name))
  const young = new Set(former ? newcomers : horizon.floor?.holdsFor)
  late.push({ from: null, open: newcomers.filter((name) => !young.has(name)), since })
  late.push({ from: former?.value ?? horizon.floor?.value ?? null, open: newcomers.filter((name) => young.has(name)), since })
  return merged(engine, replication, late.filter(({ open }) => open.length))
}

/** No more groups than are kept: the newest of those that there were become one, from the lesser key on, which is never too little. */
async function merged(engine: Engine, replication: Replication, late: Latecomers[]): Promise<Latecomers[]> {
  while (late.length > limits.lateCommits.groups) {
    const [older, newer] = late.splice(-3, 2) as [Latecomers, Latecomers]
    const from = older.from === null || newer.from === null ? null : await leastCursor(engine, replication, [older.from, newer.from])
    late.splice(-1, 0, { from, open: [...new Set([...older.open, ...newer.open])], since: older.since })
  }
  return late
}

/** What the report says of transactions that are open for long, and of a source that does not tell of any. */
export function lateWarnings({ column, late = [] }: KeyCursor, snapshot: SourceSnapshot | null, now: Date): Warning[] {
  if (typeof snapshot?.horizon === 'string') {
    return [{ column, message: `${snapshot.horizon}: rows that are committed late are only found within the look-back. Grant the user EXECUTE on pg_lock_status and pg_stat_get_activity, or set a longer look-back` }]
  }
  const horizon = knownHorizon(snapshot)
  const [oldest] = late.filter(({ since }) => now.getTime() - Date.parse(since) >= limits.lateCommits.toldAfterSeconds * 1000)
  if (!horizon || !oldest) return []
  const again = oldest.from === null ? 'every row is read again' : `rows from ${oldest.from} on are read again`
  return [{ column, message: `A transaction at the source has been open since ${oldest.since.slice(0, 16).replace('T', ' ')} UTC or longer. What it commits comes with the first sync after its end, when ${again}. ${horizon.describe(oldest.open)}` }]
}
