import { AppError } from '@/lib/core/errors'
import { ChangesLost } from '../changes-lost'
import type { Bookmark, ChangesRequest, DiscoveredSchema, RowsBatch } from '../contract'
import { nameOf, onlyRows, outcome, type Suite } from './suite'

export async function everythingFrom<Config>(suite: Suite<Config>, schema: DiscoveredSchema, bookmark: Bookmark): Promise<RowsBatch[]> {
  return readWith(suite, schema, { read: 'everything', bookmark })
}

export async function changesFrom<Config>(suite: Suite<Config>, schema: DiscoveredSchema, bookmark: Bookmark): Promise<RowsBatch[]> {
  return readWith(suite, schema, { read: 'changes', bookmark })
}

/** A read of changes from a bookmark that no longer serves. */
export async function changesLost<Config>(suite: Suite<Config>, schema: DiscoveredSchema, bookmark: Bookmark): Promise<void> {
  const error = await outcome(changesFrom(suite, schema, bookmark))
  if (error instanceof ChangesLost) return
  throw new Error(`A read of changes from the bookmark ${JSON.stringify(bookmark)} must throw ChangesLost before its first batch: it ${error === null ? 'did not fail' : `failed as ${nameOf(error)}`}`, { cause: error })
}

/** A bookmark is stored as JSON between two reads. */
async function readWith<Config>(suite: Suite<Config>, schema: DiscoveredSchema, { read, bookmark }: ChangesRequest): Promise<RowsBatch[]> {
  return onlyRows(await suite.read(schema, { changes: { read, bookmark: structuredClone(bookmark) } }))
}

export function lastBookmark(batches: RowsBatch[]): Bookmark {
  const bookmark = batches.at(-1)?.bookmark
  if (!bookmark) throw new AppError('internal', { title: 'The last batch has no bookmark', advice: 'End each read with a batch that has one, if need be without rows' })
  return bookmark
}
