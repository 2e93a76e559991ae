import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request. */
export type Fault =
  /** Answered here, by an error of S3's; the real store never sees it. */
  | { answer: number; code?: string; headers?: Record<string, string>; body?: string }
  /** The connection breaks when so much of the answer's body has come through. */
  | { cutAnswerAt: number }
  /** The connection breaks when so much of the request's body has come through; the real store gets no whole request. */
  | { cutRequestAt: number }
  /** The real store does what it is asked to, and nobody hears of it. */
  | 'answer is lost'
  /** Nothing ever comes. */
  | 'hangs'
  /** The answer begins, then nothing more comes. */
  | { hangsAt: number }
  /** One byte of the body is another one. */
  | 'answer is spoilt'
  | 'request is spoilt'
  /** The real store does not see some of the headers. */
  | { without: string[] }

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: http.IncomingHttpHeaders
  /** How many of the same kind came before: to begin an upload and to end it are two. */
  before: number
}

export interface FaultyProxy {
  url: string
  asked: Asked[]
  /** Chosen for each request anew; undefined lets it through. */
  fault(asked: Asked): Fault | undefined
  close(): Promise<void>
}

/** Stands before a real store, and does to requests what networks and stores do on bad days. */
export async function startFaultyProxy(endpoint: string): Promise<FaultyProxy> {
  const asked: Asked[] = []
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://proxy')
    const method = request.method ?? ''
    const kind = kindOf(method, pathname, searchParams)
    const one = { method, path: pathname, query: searchParams, headers: request.headers, before: asked.filter((other) => kindOf(other.method, other.path, other.query) === kind).length }
    asked.push(one)
    response.on('error', () => undefined)
    const fault = proxy.fault(one)
    if (fault === 'hangs') return void request.resume()
    if (fault instanceof Object && 'answer' in fault) return answer(request, response, fault)
    forward(endpoint, request, response, fault)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens at a port, not at a pipe
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${port}`,
    asked,
    fault: () => undefined,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

function kindOf(method: string, path: string, query: URLSearchParams): string {
  return [method, path, ...[...query.keys()].sort()].join(' ')
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, { answer: status, code = '', headers, body }: Extract<Fault, { answer: number }>): void {
  request.resume()
  request.on('end', () => response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body ?? (code ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret-words</Message></Error>` : '')))
}

function forward(endpoint: string, request: http.IncomingMessage, response: http.ServerResponse, fault: Fault | undefined): void {
  const given = fault instanceof Object ? fault : undefined
  const { hostname, port } = new URL(endpoint)
  const headers = { ...request.headers }
  for (const name of given && 'without' in given ? given.without : []) delete headers[name]
  const outgoing = http.request({ hostname, port, method: request.method, path: request.url, headers }, (incoming) => {
    if (fault === 'answer is lost') return void incoming.resume().on('end', () => request.socket.destroy())
    response.writeHead(incoming.statusCode ?? 500, incoming.headers)
    let seen = 0
    incoming.on('data', (chunk: Buffer) => {
      const rest = given && ('cutAnswerAt' in given ? given.cutAnswerAt : 'hangsAt' in given ? given.hangsAt : Infinity) - seen
      const part = rest !== undefined && rest < chunk.length ? chunk.subarray(0, Math.max(0, rest)) : chunk
      response.write(fault === 'answer is spoilt' && seen === 0 ? spoilt(part) : part)
      seen += chunk.length
      if (part.length < chunk.length) incoming.pause()
      if (part.length < chunk.length && given && 'cutAnswerAt' in given) request.socket.destroySoon()
    })
    incoming.on('end', () => response.end())
    incoming.on('error', () => request.socket.destroy())
  })
  outgoing.on('error', () => request.socket.destroy())
  response.on('close', () => outgoing.destroy())
  let sent = 0
  request.on('data', (chunk: Buffer) => {
    if (given && 'cutRequestAt' in given && sent + chunk.length >= given.cutRequestAt) {
      outgoing.destroy()
      return void request.socket.destroy()
    }
    outgoing.write(fault === 'request is spoilt' && sent === 0 ? spoilt(chunk) : chunk)
    sent += chunk.length
  })
  request.on('end', () => outgoing.end())
}

function spoilt(chunk: Buffer): Buffer {
  const other = Buffer.from(chunk)
  if (other.length) other[Math.floor(other.length / 2)]! ^= 1
  return other
}
