import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import { limits } from '@/lib/core/limits'
import { throwIfAborted } from '@/lib/warehouse/duckdb'
import { FileWriter } from './file-writer'
import { canResume, resumedBytes, type ReadOptions } from './resumed-bytes'

export type FetchOptions = Omit<ReadOptions, 'signal'>

/**
 * Bring an object onto this machine, whole, in the state in which it was listed; gives its length. Throws ObjectChanged, or an AppError; then there is no file.
 * A big one comes in several ranges at once.
 */
export async function fetchToFile(access: ObjectAccess, object: ListedObject, target: string, signal: AbortSignal, options: FetchOptions = {}): Promise<number> {
  throwIfAborted(signal)
  const writer = await FileWriter.create(target)
  try {
    const isBig = object.bytes !== null && object.bytes >= limits.files.rangesFromBytes && canResume(access, object)
    const bytes = isBig && object.bytes !== null ? await fetchRanges(access, object, object.bytes, writer, signal, options) : await fetchSpan(access, object, { from: 0 }, writer, { ...options, signal })
    await writer.close()
    return bytes
  } catch (error) {
    await writer.discard()
    throw error
  }
}

async function fetchRanges(access: ObjectAccess, object: ListedObject, bytes: number, writer: FileWriter, signal: AbortSignal, options: FetchOptions): Promise<number> {
  const { rangeBytes, rangesAtOnce } = limits.files
  // the first failure ends the other ranges
  const failed = new AbortController()
  const both = AbortSignal.any([signal, failed.signal])
  let next = 0
  const work = async (): Promise<void> => {
    while (next < bytes && !both.aborted) {
      const from = next
      next = Math.min(from + rangeBytes, bytes)
      await fetchSpan(access, object, { from, to: next }, writer.at(from), { ...options, signal: both })
    }
  }
  const works = Array.from({ length: rangesAtOnce }, () => work().catch((error: unknown) => {
    if (!failed.signal.aborted) failed.abort(error)
    throw error
  }))
  await Promise.allSettled(works)
  throwIfAborted(signal)
  if (failed.signal.aborted) throw failed.signal.reason
  return bytes
}

async function fetchSpan(access: ObjectAccess, object: ListedObject, span: { from: number; to?: number }, writer: FileWriter, options: ReadOptions): Promise<number> {
  for await (const chunk of resumedBytes(access, object, span, options)) await writer.write(chunk)
  await writer.flush()
  return writer.position
}
