import type { IncomingMessage } from 'node:http'
import { WireFailure } from './failure'

/**
 * The body of an answer as it arrives. Only the time that the server lets us wait counts as its silence, not what the reader takes between two chunks.
 * Throws WireFailure when it ends early or falls silent. Ending the iteration early frees the connection at once.
 */
export async function* streamBody(response: IncomingMessage, idleSeconds: number, signal: AbortSignal, onBytes: (length: number) => void): AsyncGenerator<Buffer> {
  let end: unknown
  const stop = (error: unknown): void => {
    end ??= error
    response.destroy()
  }
  const onAbort = (): void => stop(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  let isWaiting = true
  // one timer for the whole body: making one for each chunk would be felt
  const silence = setTimeout(() => isWaiting && stop(new WireFailure('idle_timeout', `It fell silent for ${idleSeconds} seconds in the middle of an answer`)), idleSeconds * 1000)
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  try {
    for (;;) {
      isWaiting = true
      silence.refresh()
      const next = await chunks.next()
      isWaiting = false
      if (end) throw end
      if (next.done) break
      onBytes(next.value.length)
      yield next.value
    }
    if (!response.complete) throw new WireFailure('cut', 'The connection ended in the middle of the answer')
  } catch (error) {
    if (end) throw end
    throw error instanceof WireFailure ? error : new WireFailure('cut', 'The connection ended in the middle of the answer', error)
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', onAbort)
    response.destroy()
  }
}
