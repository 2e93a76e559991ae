import type { ErrorWords } from '@/lib/core/errors'

/** How requests are signed. A token goes to the origin of `baseUrl` alone; client secrets go to `tokenUrl` alone. */
export type HttpAuth =
  | { kind: 'bearer'; token: string }
  | { kind: 'basic'; user: string; password: string }
  | OAuth2

/** With a refresh token that one is used; without, the client's own credentials. */
export interface OAuth2 {
  kind: 'oauth2'
  tokenUrl: string
  clientId: string
  clientSecret: string
  refreshToken?: string
  scope?: string
  /** More fields of the token request, such as `audience`; made anew for each request where they are good for a short time only (an assertion). */
  fields?: Record<string, string> | (() => Record<string, string>)
  /** Where the token endpoint wants the client's name and secret; the default is `header`, as the standard has it. `nowhere`: `fields` say who asks. */
  clientIn?: 'header' | 'body' | 'nowhere'
  /** Words for a refusal that the connector understands. What the endpoint says may hold a secret: it is matched, never repeated. */
  explain?(refusal: string): ErrorWords | undefined
  /** Told when the token endpoint hands out another refresh token: the old one may be void from now on. */
  onRefreshToken?(refreshToken: string): void
}

export type HttpLog = (level: 'debug' | 'info' | 'warn', message: string) => void

export interface HttpOptions {
  /** `https://api.example.com`, may have a path; `http://` only where the connector lets a person enter it. */
  baseUrl: string
  /** What shares one rate limit: all sessions in this process with the same origin and account share one limiter. May hold a secret: it is hashed. */
  account: string
  auth?: HttpAuth
  /** Sent with every request. */
  headers?: Record<string, string>
  /** Blotted from every log line and error, beside those of `auth`. */
  secrets?: string[]
  /** A certificate authority of their own, in PEM, instead of the known ones. */
  certificateAuthority?: string
  /** Where the search for the account's limit starts, in requests a second. */
  startPerSecond?: number
  /** What the service says that it allows, in requests a second: the search goes there at once, and on from there slowly. */
  likelyPerSecond?: number
  /** Never more than this, whatever the service lets pass. */
  mostPerSecond?: number
  /** Never more requests under way than this, over all sessions of the account. */
  concurrency?: number
  /** For services that need other patience than `limits` has. */
  patience?: Partial<Patience>
  log?: HttpLog
}

/** How long is waited, and how often is tried. */
export interface Patience {
  connectSeconds: number
  firstByteSeconds: number
  idleSeconds: number
  /** For one request as a whole, from its beginning to the last byte of its answer. */
  requestSeconds: number
  attempts: number
  /** For all attempts of one request and the pauses between them; waiting for one's turn does not count. */
  retrySeconds: number
  /** A longer `Retry-After` is cut to this. */
  pauseSeconds: number
}

export interface HttpRequest {
  method?: string
  /** Relative to `baseUrl`, or an absolute URL of the same origin. */
  path: string
  query?: Record<string, string | string[]>
  /** The path and query as they are to be sent, where `path` as a URL would fold `.` and `..` away: a signature covers each of their letters. */
  exactPath?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Of the answer's body, once it is unpacked. */
  mostBytes?: number
  /** For one attempt. */
  timeoutSeconds?: number
  /** May it be sent again when it is not known whether it arrived? GET and HEAD may. */
  isRepeatable?: boolean
  /** More statuses that another attempt may better, beside 408, 425, 429, 500, 502, 503 and 504: 409 where it means that something is locked. */
  repeatStatuses?: readonly number[]
  /** A redirect is an answer like another, and not followed. */
  keepsRedirects?: boolean
}

export interface HttpAnswer {
  status: number
  /** By lower-case names. */
  headers: Record<string, string>
  body: Buffer
}

/** An answer that has begun. */
export interface HttpStream extends HttpAnswer {
  /**
   * The body of a 2xx answer as it arrives, packed as it is; null for any other, and for HEAD: then `body` is what there is. It may break off with a retryable
   * AppError. Whoever does not read it to its end calls `drop`, or ends the iteration early.
   */
  bytes: AsyncIterable<Uint8Array> | null
  drop(): void
}

export interface JsonAnswer {
  value: unknown
  /** By lower-case names. */
  headers: Record<string, string>
  /** Of the body, as it came over the wire. */
  bytes: number
  /** Where it came from in the end. */
  url: string
}

/** What one session did. */
export interface HttpUsage {
  /** Sent, each attempt counted. */
  requests: number
  /** Of them, those that repeated an earlier one. */
  retries: number
  /** Answers 429. */
  refused: number
  /** For a turn, and between attempts; the waits of requests that wait at the same time add up. */
  waitedSeconds: number
  /** Of bodies as they came over the wire. */
  bytes: number
}

export interface Http {
  /**
   * Sends a request when its turn comes, and again while that may help. Any status that is not tried again (or no longer) is an
   * answer. No answer at all is an AppError in words; an answer that was cut is never handed out.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
  /** The parsed body of a 2xx answer; anything else is an AppError in words. */
  json(request: HttpRequest, signal: AbortSignal): Promise<JsonAnswer>
  /** One attempt, and no redirect followed. Bodies of any length pass: only what a refusal says is kept. */
  stream(request: HttpRequest, signal: AbortSignal): Promise<HttpStream>
  readonly usage: HttpUsage
  /** "98 of about 100 requests a second"; null before anything is known. */
  pace(): string | null
  /** Ends the session: what is still under way fails as cancelled. */
  close(): void
}
