import { AppError, toErrorView } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'

/**
 * Values as JSON lines, each sent as it comes. A failure becomes a last line `{ end: 'failed', error }`, since
 * the status went out before it. When the reader leaves, `leave` is called and nothing more is asked for.
 */
export function ndjsonResponse(values: AsyncGenerator<unknown>, leave: () => void): Response {
  const encoder = new TextEncoder()
  const line = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`)
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await values.next()
        if (done) controller.close()
        else controller.enqueue(line(value))
      } catch (error) {
        if (!(error instanceof AppError)) logger('link').error({ err: error }, 'a check failed unexpectedly')
        controller.enqueue(line({ end: 'failed', error: toErrorView(error) }))
        controller.close()
      }
    },
    cancel: leave,
  })
  return new Response(stream, { headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' } })
}
