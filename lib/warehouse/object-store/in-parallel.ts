import { setMaxListeners } from 'node:events'
import { throwIfStopped } from './stopped'

/** Do the same with each, so many at a time. The first failure ends the work, and is thrown when nothing of it is under way any more. */
export async function inParallel<T>(items: readonly T[], atOnce: number, signal: AbortSignal | undefined, work: (item: T, signal: AbortSignal) => Promise<void>): Promise<void> {
  const failed = new AbortController()
  const both = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  // each piece of work listens to it
  setMaxListeners(0, both)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length && !both.aborted) await work(items[next++] as T, both)
  }
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, () => worker().catch((error: unknown) => failed.abort(error)))
  await Promise.all(workers)
  throwIfStopped(signal)
  if (failed.signal.aborted) throw failed.signal.reason
}
