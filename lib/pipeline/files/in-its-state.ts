import { ObjectChanged, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'

/**
 * Does `read` with an object in one state, from its first byte to its last. An object that is overwritten meanwhile is looked up and read anew; null when
 * it is gone.
 */
export async function inItsState<T>(access: ObjectAccess, listed: ListedObject, signal: AbortSignal, read: (object: ListedObject) => Promise<T>): Promise<T | null> {
  let object: ListedObject | null = listed
  for (let reads = 1; object; reads++) {
    try {
      return await read(object)
    } catch (error) {
      if (!(error instanceof ObjectChanged)) throw error
      if (reads >= limits.files.readsOfChanging) throw changesTooFast(`${access.addressPrefix}${listed.key}`, reads, error)
      object = await access.stat(listed.key, signal)
    }
  }
  return null
}

function changesTooFast(address: string, reads: number, cause: unknown): AppError {
  return new AppError('conflict', { title: `${address} changes while it is read`, detail: `It was begun ${reads} times, and each time it was overwritten before its end`, advice: 'Write a new object in place of changing this one, or sync when it rests' }, { isRetryable: true, cause })
}
