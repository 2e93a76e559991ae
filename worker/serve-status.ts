import { once } from 'node:events'
import http from 'node:http'
import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { hasMetricsToken, metricsText } from '@/lib/workspace/metrics-text'
import { isReady, readiness } from '@/lib/workspace/readiness'
import type { Worker } from './worker'

const PATIENCE_MS = 5_000
const CONNECTIONS = 50

interface Answer {
  status: number
  type: string
  body: string
}

/** Answer those who look after machines: /health, /ready and /metrics. Gives the way to stop. */
export async function serveStatus(worker: Pick<Worker, 'readiness'>, host: string, port: number): Promise<() => Promise<void>> {
  const server = http.createServer({ keepAlive: false, requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS }, (request, response) => {
    answerTo(request, worker).catch((error: unknown) => {
      logger('worker').error({ err: error }, 'a question about the worker could not be answered')
      return text(500, 'failed')
    }).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', connection: 'close' })
      response.end(request.method === 'HEAD' ? undefined : body)
    }, () => response.destroy())
  })
  server.maxConnections = CONNECTIONS
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new AppError('bad_config', { title: 'The worker cannot listen at WORKER_PORT', detail: `${host}:${port}: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, advice: 'Choose a free port for each worker of a machine, or remove WORKER_PORT' }, { cause })
  }
  return async () => {
    server.close()
    server.closeAllConnections()
  }
}

async function answerTo(request: http.IncomingMessage, worker: Pick<Worker, 'readiness'>): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only GET')
  switch (request.url?.split('?')[0]) {
    case '/health':
      return text(200, 'ok')
    case '/ready': {
      const found = { ...(await readiness()), ...worker.readiness() }
      return { status: isReady(found) ? 200 : 503, type: 'application/json', body: JSON.stringify(found) }
    }
    case '/metrics': {
      if (env().METRICS_TOKEN && !hasMetricsToken(request.headers.authorization)) return text(401, 'the token is missing or wrong')
      const { text: body, contentType } = await metricsText()
      return { status: 200, type: contentType, body }
    }
    default:
      return text(404, 'not found')
  }
}

function text(status: number, words: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${words}\n` }
}
