import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { beginEnding } from '@/lib/core/ending'
import { env } from '@/lib/core/env'
import { metrics, openMetrics } from '@/lib/core/metrics'

/** Whoever is still served then is cut off. */
const LONGEST_END_MS = 8_000
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 }

/** Once per process that serves the pages: measure its requests where somebody asks for that, and end in order. */
export async function startWeb(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(signal))
  if (!env().METRICS_TOKEN) return
  await openMetrics()
  watchRequests()
}

/** Next takes no more requests and waits for those that are on; it would wait for streams of news too. */
function end(signal: keyof typeof SIGNAL_NUMBERS): void {
  beginEnding()
  setTimeout(() => process.exit(128 + SIGNAL_NUMBERS[signal]), LONGEST_END_MS).unref()
}

/** By Node's own channels, since Next has no place for it. An address is no label: there are too many. */
function watchRequests(): void {
  const began = new WeakMap<IncomingMessage, number>()
  subscribe('http.server.request.start', (message) => began.set((message as { request: IncomingMessage }).request, performance.now()))
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse } // as Node documents the channel
    const beganMs = began.get(request)
    if (beganMs === undefined) return
    const method = METHODS.includes(request.method ?? '') ? String(request.method) : 'other'
    metrics()?.httpSeconds.observe({ method, code: `${Math.floor(response.statusCode / 100)}xx` }, (performance.now() - beganMs) / 1_000)
  })
}
