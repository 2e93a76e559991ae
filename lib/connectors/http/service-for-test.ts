import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { openHttp, type Http, type HttpOptions } from '../http'

export interface Service {
  url: string
  port: number
  /** What was asked, in order. */
  asked: { method: string; path: string; headers: http.IncomingHttpHeaders; body: string; at: number }[]
  /** Connections that are open now. */
  sockets: Set<Socket>
  server: http.Server
  close(): Promise<void>
}

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse, count: number) => void

/** A real service at a free port; `answer` is called once a request is there as a whole, with its number from 0. */
export async function startService(answer: Answer, tls?: { key: string; cert: string }): Promise<Service> {
  const asked: Service['asked'] = []
  const sockets = new Set<Socket>()
  const listen: http.RequestListener = (request, response) => {
    const count = asked.length
    const entry = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: '', at: performance.now() }
    asked.push(entry)
    request.on('data', (chunk: Buffer) => (entry.body += chunk.toString('utf8')))
    request.on('end', () => answer(request, response, count))
  }
  const server = tls ? https.createServer(tls, listen) : http.createServer(listen)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {}) // the client may go away
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens at a port, not at a pipe
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked, sockets, server, close }
}

/** What a test opened, to be closed after it: `afterEach(closeAll)`. */
export const closing: (() => unknown)[] = []

/** The last that was opened is closed first. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close()
}

/** A service that is closed after the test. */
export async function serve(answer: Answer): Promise<Service> {
  const service = await startService(answer)
  closing.push(service.close)
  return service
}

export function sendJson(response: http.ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

/** Short enough for a test, long enough for a busy machine. */
export const SHORT = { pauseSeconds: 0.01, attempts: 4 }

let accounts = 0

/** A session of an account of its own: nothing was learned of it before. */
export function open(service: Service, options: Partial<HttpOptions> = {}): Http {
  return openHttp({ baseUrl: service.url, account: `account ${++accounts}`, startPerSecond: 1000, ...options, patience: { ...SHORT, ...options.patience } })
}

export const never = new AbortController().signal

export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => Promise.reject(new Error(`It passed: ${JSON.stringify(value)}`)), (error: unknown) => error)
}
