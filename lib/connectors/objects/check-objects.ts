import { AppError, toErrorView } from '@/lib/core/errors'
import { formatBytes } from '@/lib/core/format'
import type { CheckStep } from '../contract'
import type { ListedObject, ObjectAccess } from './object-access'
import { ObjectChanged } from './object-access'

/** Counting goes no further: people look whether the pattern is right, they do not wait for a census. */
const COUNTED = 10_000
const CHECK_SECONDS = 60

/**
 * The part of a check that is the same for every store: the objects may be listed, some match, the first of them may be read. Ends after the first failure.
 * @param near what is there when nothing matches, in words
 */
export async function* checkObjects(access: ObjectAccess, near: (signal: AbortSignal) => Promise<string>, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'list', label: 'Files listed' }
  try {
    const { first, count, bytes, isAll } = await counted(access, signal)
    yield { ...step, status: 'ok' }

    Object.assign(step, { id: 'match', label: 'Files match' })
    if (!first) throw new AppError('not_found', { title: 'No file matches', detail: await near(signal), advice: 'Change the address: * stands for anything within a folder, ** for any folders' })
    yield { ...step, status: 'ok', detail: `${isAll ? '' : 'more than '}${count.toLocaleString('en')} ${count === 1 ? 'file' : 'files'}${bytes === null ? '' : `, ${formatBytes(bytes)}`}, the first ${first.key}` }

    Object.assign(step, { id: 'read', label: 'First file readable' })
    await readFirst(access, first, signal)
    yield { ...step, status: 'ok', detail: first.bytes === null ? first.key : `${first.key}, ${formatBytes(first.bytes)}` }
  } catch (error) {
    const view = toErrorView(error)
    yield { ...step, status: 'failed', detail: view.title, error: view }
  }
}

async function counted(access: ObjectAccess, signal: AbortSignal): Promise<{ first: ListedObject | null; count: number; bytes: number | null; isAll: boolean }> {
  let first: ListedObject | null = null
  let count = 0
  let bytes: number | null = 0
  for await (const page of access.list(signal)) {
    for (const object of page) {
      // an empty one says nothing of the right to read
      if (!first || (first.bytes === 0 && object.bytes !== 0)) first = object
      bytes = bytes === null || object.bytes === null ? null : bytes + object.bytes
    }
    count += page.length
    if (count >= COUNTED) return { first, count, bytes, isAll: false }
  }
  return { first, count, bytes, isAll: true }
}

async function readFirst(access: ObjectAccess, first: ListedObject, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of access.read(first, access.hasRanges && first.bytes !== 0 ? { from: 0, to: 1 } : { from: 0 }, signal)) if (chunk.length > 0) break
  } catch (error) {
    // written anew since it was listed: then it can be read
    if (!(error instanceof ObjectChanged)) throw error
  }
}
