import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

export interface Answer {
  status: number
  body: Buffer
  headers: Record<string, string>
}

const zip = promisify(gzip)

/** Sends an answer as Stripe does, zipped where that is asked for; cut, the connection ends after so many bytes of the body. */
export async function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer, cutAfterBytes?: number): Promise<void> {
  if (cutAfterBytes === 0) return void request.socket.destroy()
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const bytes = zipped ? await zip(body, { level: 1 }) : body
  if (response.destroyed) return
  response.writeHead(status, {
    'access-control-allow-origin': '*',
    'cache-control': 'no-cache, no-store',
    'content-length': bytes.length,
    'content-type': 'application/json',
    ...(zipped && { 'content-encoding': 'gzip' }),
    ...headers,
    server: 'nginx',
    vary: 'Origin',
  })
  if (cutAfterBytes === undefined) return void response.end(bytes)
  await new Promise((resolve) => response.write(bytes.subarray(0, cutAfterBytes), resolve))
  request.socket.destroy()
}
