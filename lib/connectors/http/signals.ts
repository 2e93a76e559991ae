import { setMaxListeners } from 'node:events'

/** One signal for two, without the memory that AbortSignal.any keeps for a long-lived signal. `end` lets both go. */
export function joined(one: AbortSignal, other: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort((one.aborted ? one : other).reason)
  if (one.aborted || other.aborted) onAbort()
  // as many requests as there are may wait for the same signal
  setMaxListeners(0, one, other)
  for (const signal of [one, other]) signal.addEventListener('abort', onAbort, { once: true })
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of [one, other]) signal.removeEventListener('abort', onAbort)
    },
  }
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
