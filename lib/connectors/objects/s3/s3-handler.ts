import { Readable } from 'node:stream'
import type { Http, HttpStream } from '../../http'

/** What the client wants to have sent. */
interface OutgoingRequest {
  method: string
  protocol: string
  hostname: string
  port?: number
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
}

interface HandlerOptions {
  abortSignal?: unknown
  /** Takes a body as it arrives; the client then sees an empty one. */
  takeBody?(stream: HttpStream): void
}

/** Options of a request whose body is taken as it arrives: the client hands on to its handler what it does not know. */
export function takingBody(abortSignal: AbortSignal, takeBody: (stream: HttpStream) => void): { abortSignal: AbortSignal } {
  const options = { abortSignal, takeBody } satisfies HandlerOptions
  return options
}

interface IncomingAnswer {
  statusCode: number
  headers: Record<string, string>
  body: Uint8Array | Readable
}

const never = new AbortController().signal

/** The vendor's client signs and understands what travels through our own session: under our rules for the outside, and in our words when nothing comes. */
export class S3Handler {
  readonly metadata = { handlerProtocol: 'http/1.1' }

  constructor(
    private readonly http: Http,
    private readonly acceptEncoding: string,
  ) {}

  async handle(request: OutgoingRequest, { abortSignal, takeBody }: HandlerOptions = {}): Promise<{ response: IncomingAnswer }> {
    const signal = abortSignal instanceof AbortSignal ? abortSignal : never
    const { method, protocol, hostname, port, path, headers } = request
    const exactPath = path + queryOf(request)
    const outgoing = {
      method,
      path: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${exactPath}`,
      exactPath,
      headers: { ...headers, accept: '*/*', 'accept-encoding': takeBody ? this.acceptEncoding : 'gzip', 'user-agent': 'Tributary' },
      keepsRedirects: true,
    }
    if (!takeBody) return { response: answerOf(await this.http.send(outgoing, signal)) }
    const stream = await this.http.stream(outgoing, signal)
    if (!stream.bytes) return { response: answerOf(stream) }
    takeBody(stream)
    return { response: { ...answerOf(stream), body: Readable.from([]) } }
  }

  destroy(): void {}

  /** The client's way to change what we have set. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {}
  }
}

function answerOf({ status, headers, body }: { status: number; headers: Record<string, string>; body: Buffer }): IncomingAnswer {
  return { statusCode: status, headers, body }
}

function queryOf({ query = {} }: OutgoingRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => (one === null ? escaped(name) : `${escaped(name)}=${escaped(one)}`)))
  return pairs.length ? `?${pairs.join('&')}` : ''
}

/** As the signature has it: all but letters, digits and -_.~ */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}
