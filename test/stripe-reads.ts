import type { Bookmark, ChangesRequest, ReadObserver, RowsBatch } from '@/lib/connectors/contract'
import { StripeConfig } from '@/lib/connectors/stripe/config'
import { describeStripe } from '@/lib/connectors/stripe/discover'
import { readStripe } from '@/lib/connectors/stripe/read-stripe'
import { TrackedTable } from '@/lib/connectors/suite/tracked-table'
import type { EmulatedObject, EmulatedStore, StripeServer } from './servers/stripe/types'

export const DAY = 86_400

export interface ReadOptions {
  changes?: ChangesRequest
  signal?: AbortSignal
  observer?: ReadObserver
  config?: Record<string, unknown>
}

const EVERYTHING: ChangesRequest = { read: 'everything' }

export function reading(server: StripeServer, schema: string, { changes = EVERYTHING, signal = new AbortController().signal, observer, config }: ReadOptions = {}): AsyncGenerator<RowsBatch> {
  const columns = describeStripe({ schema })?.columns ?? []
  const given = StripeConfig.parse({ api_key: server.key, base_url: server.url, ...config })
  return readStripe(given, { location: { schema }, columns, batchBytes: 1, changes, ...(observer && { observer }) }, signal)
}

export async function readAll(server: StripeServer, schema: string, options?: ReadOptions): Promise<RowsBatch[]> {
  const batches: RowsBatch[] = []
  for await (const batch of reading(server, schema, options)) batches.push(batch)
  return batches
}

/** A read of what changed since the bookmark, which went through JSON meanwhile. */
export function readChanges(server: StripeServer, schema: string, bookmark: Bookmark, options: ReadOptions = {}): Promise<RowsBatch[]> {
  return readAll(server, schema, { ...options, changes: { read: 'changes', bookmark: structuredClone(bookmark) } })
}

export function lastBookmark(batches: RowsBatch[]): Bookmark {
  const bookmark = batches.at(-1)?.bookmark
  if (!bookmark) throw new Error('The last batch has no bookmark')
  return bookmark
}

/** The table after these batches, for a schema whose rows have an id. */
export function tableOf(...batches: RowsBatch[][]): TrackedTable {
  const table = new TrackedTable({ primaryKey: ['id'], columns: [] })
  for (const batch of batches.flat()) table.apply(batch)
  return table
}

export function idsIn(batches: RowsBatch[]): string[] {
  return batches.flatMap(({ rows }) => rows.map(({ id }) => String(id)))
}

export function addCustomer(store: EmulatedStore, created = store.now(), more: Record<string, unknown> = {}): EmulatedObject {
  return store.insert({ id: store.newId('cus_'), object: 'customer', created, email: null, discount: null, livemode: false, ...more })
}

/** Changes an object, and tells the event. */
export function change(store: EmulatedStore, id: string, changed: Record<string, unknown>, type: string): void {
  const previous = store.update(id, changed)
  store.emit(type, found(store, id), previous)
}

export function found(store: EmulatedStore, id: string): EmulatedObject {
  const object = store.find(id)
  if (!object) throw new Error(`There is no ${id}`)
  return object
}

/** The requests since a number of them, as their addresses. */
export function askedSince(server: StripeServer, count: number): string[] {
  return server.requests.slice(count).map(({ path }) => path)
}
