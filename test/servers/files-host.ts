import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a server may leave out, or do in its own way. */
export interface Habits {
  contentType?: string
  etag?: 'strong' | 'weak' | 'none'
  hasRanges?: boolean
  hasHead?: boolean
  /** Does it say how long the file is? */
  hasLength?: boolean
  /** Does it refuse a file that is another by now, where the client asks for that? */
  hasIfMatch?: boolean
}

interface File extends Required<Habits> {
  body: Buffer
  modified: Date
}

interface Trouble {
  path: string
  status?: number
  /** The connection ends after so many bytes of the body. */
  cutAfter?: number
  holds?: boolean
  before?: () => void
}

/** A plain web server with files, on a free port of this machine. */
export class FilesHost {
  url = ''
  readonly requests: { method: string; path: string; headers: http.IncomingHttpHeaders }[] = []
  readonly sockets = new Set<Socket>()
  private readonly files = new Map<string, File>()
  private readonly redirects = new Map<string, string>()
  private readonly troubles: Trouble[] = []
  private readonly server = http.createServer((request, response) => this.serve(request, response))

  async listen(): Promise<this> {
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` // it listens on a port, not on a pipe
    return this
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  /** @param path with its slash, and with a query where it has one */
  put(path: string, body: string | Uint8Array, habits: Habits = {}, modified = new Date('2026-01-02T03:04:05Z')): string {
    this.files.set(path, { contentType: 'text/csv', etag: 'strong', hasRanges: true, hasHead: true, hasLength: true, hasIfMatch: true, ...habits, body: Buffer.from(body), modified })
    return this.url + path
  }

  delete(path: string): void {
    this.files.delete(path)
  }

  redirect(path: string, to: string): string {
    this.redirects.set(path, to)
    return this.url + path
  }

  /** Befalls the next request of the path. */
  trouble(trouble: Trouble): void {
    this.troubles.push(trouble)
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = request.url ?? '/'
    this.requests.push({ method: request.method ?? '', path, headers: request.headers })
    const met = this.troubles.findIndex((trouble) => trouble.path === path)
    const trouble = met < 0 ? undefined : this.troubles.splice(met, 1)[0]
    trouble?.before?.()
    if (trouble?.holds) return
    const to = this.redirects.get(path)
    const file = this.files.get(path)
    if (trouble?.status) return void response.writeHead(trouble.status).end()
    if (to !== undefined) return void response.writeHead(302, { location: to }).end()
    if (!file) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>')
    if (request.method === 'HEAD' && !file.hasHead) return void response.writeHead(405).end()
    this.send(request, response, file, trouble?.cutAfter)
  }

  private send({ method, headers }: http.IncomingMessage, response: http.ServerResponse, file: File, cutAfter: number | undefined): void {
    const tag = `"${createHash('sha256').update(file.body).digest('hex').slice(0, 16)}"`
    const told = {
      'content-type': file.contentType,
      'last-modified': file.modified.toUTCString(),
      ...(file.etag !== 'none' && { etag: file.etag === 'weak' ? `W/${tag}` : tag }),
      ...(file.hasRanges && { 'accept-ranges': 'bytes' }),
    }
    if (file.hasIfMatch && headers['if-match'] !== undefined && headers['if-match'] !== tag) return void response.writeHead(412, told).end()
    const [, first, last] = (file.hasRanges ? /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') : null) ?? []
    const size = file.body.length
    if (first !== undefined && Number(first) >= size) return void response.writeHead(416, { ...told, 'content-range': `bytes */${size}` }).end()
    const to = last ? Math.min(Number(last) + 1, size) : size
    const body = file.body.subarray(Number(first ?? 0), to)
    response.writeHead(first === undefined ? 200 : 206, { ...told, ...(first !== undefined && { 'content-range': `bytes ${first}-${to - 1}/${size}` }), ...(file.hasLength && { 'content-length': body.length }) })
    if (cutAfter === undefined || method === 'HEAD') response.end(method === 'HEAD' ? undefined : body)
    else response.write(body.subarray(0, cutAfter), () => setImmediate(() => response.destroy()))
  }
}
