import { setMaxListeners } from 'node:events'
import { endingBegun } from '@/lib/core/ending'
import type { StatusMessage } from './schema'
import { watchStatus } from './status-hub'

const HEARTBEAT_MS = 15_000
/** Then the browser connects again, and the session is checked again. */
const LIFE_MS = 2 * 60_000
/** A viewer who takes nothing in for so many messages is let go; it comes back and loads everything. */
const BACKLOG = 100

/** The status of a workspace as server-sent events: a JSON StatusMessage each, a comment every 15 s. */
export function statusStream(workspaceId: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop = () => {}
  // the viewer leaves, or this process does: its browser comes back to the next one
  const ends = [signal, endingBegun()]
  setMaxListeners(0, endingBegun()) // one for each viewer
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text))
      const unwatch = watchStatus(workspaceId, (message: StatusMessage) => {
        if ((controller.desiredSize ?? 0) < -BACKLOG) finish()
        else write(`data: ${JSON.stringify(message)}\n\n`)
      })
      const beat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
      const life = setTimeout(() => finish(), LIFE_MS)
      stop = () => {
        unwatch()
        clearInterval(beat)
        clearTimeout(life)
        for (const end of ends) end.removeEventListener('abort', finish)
        stop = () => {}
      }
      const finish = () => {
        stop()
        try {
          controller.close()
        } catch {
          // the viewer closed it first
        }
      }
      write('retry: 1000\n\n')
      for (const end of ends) end.addEventListener('abort', finish)
      if (ends.some((end) => end.aborted)) finish()
    },
    cancel() {
      stop()
    },
  })
}
