import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import { limits } from '@/lib/core/limits'
import { throwIfAborted } from '@/lib/warehouse/duckdb'
import type { FetchOptions } from './fetch-to-file'
import { readAheadBytes } from './read-ahead-bytes'
import { canResume, resumedBytes, type ReadOptions } from './resumed-bytes'

/**
 * The bytes of an object in order, in the state in which it was listed; some of them are fetched before they are asked for. Throws ObjectChanged, or an AppError.
 * Ending the iteration early ends the reads.
 */
export async function* objectBytes(access: ObjectAccess, object: ListedObject, signal: AbortSignal, options: FetchOptions = {}): AsyncGenerator<Uint8Array> {
  throwIfAborted(signal)
  const ended = new AbortController()
  const given = { ...options, signal: AbortSignal.any([signal, ended.signal]) }
  const isBig = object.bytes !== null && object.bytes >= limits.files.rangesFromBytes && canResume(access, object)
  try {
    if (isBig && object.bytes !== null) yield* orderedRanges(access, object, object.bytes, given)
    else yield* readAheadBytes(resumedBytes(access, object, { from: 0 }, given), limits.files.readAheadBytes, given.signal)
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    ended.abort()
  }
}

/** Several ranges are under way at once, and given on in their order. */
async function* orderedRanges(access: ObjectAccess, object: ListedObject, bytes: number, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const { orderedRangeBytes, orderedRangesAtOnce } = limits.files
  const underWay: Promise<Uint8Array[]>[] = []
  let next = 0
  const begin = (): void => {
    if (next >= bytes) return
    const from = next
    next = Math.min(from + orderedRangeBytes, bytes)
    const range = rangeBytes(access, object, { from, to: next }, options)
    // told when it is its turn
    range.catch(() => {})
    underWay.push(range)
  }
  for (let count = 0; count < orderedRangesAtOnce; count++) begin()
  for (let range = underWay.shift(); range; range = underWay.shift()) {
    const chunks = await unlessAborted(range, options.signal)
    begin()
    yield* chunks
  }
}

async function rangeBytes(access: ObjectAccess, object: ListedObject, span: { from: number; to: number }, options: ReadOptions): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of resumedBytes(access, object, span, options)) chunks.push(chunk)
  return chunks
}

/** A store that hears nothing of the end is not waited for. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Error('aborted'))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
  try {
    return await Promise.race([work, aborted])
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
