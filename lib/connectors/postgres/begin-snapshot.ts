import { setTimeout as rest } from 'node:timers/promises'
import type pg from 'pg'
import { limits } from '@/lib/core/limits'
import type { Horizon, Location } from '../contract'
import { PostgresLocation } from './discover-postgres'
import { horizonOf, isAnyOpen } from './horizon'
import { listInSnapshot, listOpenTransactions, type OpenTransactions } from './open-transactions'
import { quoteIdentifier } from './sql-text'
import { beginReadOnly } from './transaction'

export const STATEMENT_SECONDS = limits.runHours * 3600

/** The replication key of a first read. */
export interface FloorKey {
  location: Location
  column: string
  /** Its type in the warehouse. */
  type: string
}

export interface NamedSnapshot {
  name: string
  shows: string
}

export interface SnapshotBegun {
  /** By which other sessions can join, and what the snapshot shows, as a text; null where the server has no such thing or does not let us. */
  named: NamedSnapshot | null
  horizon: Horizon | string
}

/** Begins the transaction of a read and takes its snapshot, between two looks at who else has one open. */
export async function beginSnapshot(client: pg.Client, signal: AbortSignal, key?: FloorKey): Promise<SnapshotBegun> {
  const earlier = await tolerant(client, () => lookAround(client, signal, key))
  const named = await beginNamed(client)
  if ('refusal' in earlier) return { named, horizon: `The server does not tell which transactions are open (${earlier.refusal})` }
  return { named, horizon: horizonOf({ ...earlier.value, after: await listInSnapshot(client) }) }
}

async function beginNamed(client: pg.Client): Promise<NamedSnapshot | null> {
  await beginReadOnly(client, STATEMENT_SECONDS)
  const named = await tolerant(client, () => client.query<NamedSnapshot>('SELECT pg_catalog.pg_export_snapshot() AS name, pg_catalog.txid_current_snapshot()::text AS shows'))
  if ('value' in named) return named.value.rows[0] ?? null
  await beginReadOnly(client, STATEMENT_SECONDS)
  return null
}

/** What a server that only speaks like PostgreSQL, or that keeps its views to itself, may refuse: then there is no transaction, and we do without. */
async function tolerant<T>(client: pg.Client, work: () => Promise<T>): Promise<{ value: T } | { refusal: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    if (!/^(42|0A|25|22|57014)/.test(code ?? '')) throw error
    await client.query('ROLLBACK')
    return { refusal: message ?? String(code) }
  }
}

/**
 * Who is open before the snapshot. For a first read the floor is told first: the clock, or the greatest key, as it is before anybody is listed. Then
 * whoever is open is given a moment to end, since what is open from before the floor would have the next sync read everything again.
 */
async function lookAround(client: pg.Client, signal: AbortSignal, key: FloorKey | undefined): Promise<{ first: OpenTransactions; before: OpenTransactions; floor: string | null }> {
  const greatest = key ? await tolerant(client, () => greatestOf(client, key)) : { value: null }
  const first = await listOpenTransactions(client)
  if (!key) return { first, before: first, floor: null }
  const floor = Object.entries(first.clock).find(([type]) => type === key.type)?.[1] ?? ('value' in greatest ? greatest.value : null)
  const until = performance.now() + limits.lateCommits.waitSeconds * 1000
  let before = first
  while (isAnyOpen(first, before) && performance.now() < until) {
    await rest(limits.lateCommits.pollSeconds * 1000, undefined, { signal })
    before = await listOpenTransactions(client)
  }
  return { first, before, floor }
}

/** The greatest key of a number; null where it is none that can be counted on. */
async function greatestOf(client: pg.Client, { location, column, type }: FloorKey): Promise<string | null> {
  if (/^(DATE|TIME)/.test(type)) return null
  const { namespace, table } = PostgresLocation.parse(location)
  await beginReadOnly(client, limits.lateCommits.floorSeconds)
  const { rows } = await client.query<{ greatest: string | null }>(`SELECT max(${quoteIdentifier(column)})::text AS greatest FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)}`)
  await client.query('COMMIT')
  const greatest = rows[0]?.greatest ?? null
  return greatest !== null && /^-?\d+$/.test(greatest) ? greatest : null
}

/** Begins the transaction of a session that joins; false where it sees another moment: servers that copy one another may have a snapshot of the same name each. */
export async function beginJoined(client: pg.Client, { name, shows }: NamedSnapshot): Promise<boolean> {
  await beginReadOnly(client, STATEMENT_SECONDS, name)
  const { rows } = await client.query<{ shows: string }>('SELECT pg_catalog.txid_current_snapshot()::text AS shows')
  return rows[0]?.shows === shows
}
