import { AsyncLocalStorage } from 'node:async_hooks'
import { Stripe } from 'stripe'
import { z } from 'zod'
import { openHttp, type Http, type HttpUsage } from '../http'
import { isTestKey, type StripeConfig } from './config'
import { stripeError } from './stripe-error'
import type { StripeObject } from './stripe-schema'

/** `{ limit: '100', 'created[gte]': '1767225600', expand: ['data.line_items'] }`; a list of texts is sent as Stripe wants it, `expand[]`. */
export type StripeQuery = Record<string, string | string[]>

export interface StripePage {
  data: StripeObject[]
  hasMore: boolean
  /** What came over the wire. */
  bytes: number
  /** When Stripe answered, by its own clock, in unix seconds; null when it did not say. */
  at: number | null
}

/** Under way at most: at 100 a second, Stripe's limit for most accounts, enough for answers that take two thirds of a second. */
export const MOST_AT_ONCE = 64

/** A session with Stripe. Objects arrive as Stripe sends them: no field is converted, renamed or left out. Every failure is an AppError. */
export interface StripeApi {
  /** One page of a list, newest first. The path may have a query of its own. */
  list(path: string, query: StripeQuery, signal: AbortSignal): Promise<StripePage>
  /** One object. A deleted customer still comes, with `deleted: true`; most other objects are refused (isMissingObject). */
  get(path: string, query: StripeQuery, signal: AbortSignal): Promise<{ object: StripeObject; bytes: number }>
  /** Of this session. */
  readonly usage: HttpUsage
  /** "98 of about 100 requests a second"; null when not known. */
  pace(): string | null
  close(): void
}

/** What Stripe says that it allows: https://docs.stripe.com/rate-limits. What an account really has is found out. */
const TOLD_PER_SECOND = { live: 100, test: 25 }

/**
 * Opens a session. The requests are Stripe's own client's (its API version, headers and errors); they travel through our one way
 * to the outside, which keeps the rate, tries again and holds the key. The client never has it.
 */
export function openStripe(config: StripeConfig, log?: (level: 'debug' | 'info' | 'warn', message: string) => void): StripeApi {
  const http = openHttp({
    baseUrl: config.base_url,
    account: config.account_id ?? config.api_key, // Stripe counts requests by account
    auth: { kind: 'bearer', token: config.api_key },
    likelyPerSecond: isTestKey(config) ? TOLD_PER_SECOND.test : TOLD_PER_SECOND.live,
    concurrency: MOST_AT_ONCE,
    log,
  })
  const client = new Stripe('', {
    apiVersion: Stripe.API_VERSION,
    authenticator: () => Promise.resolve(), // signed by openHttp
    httpClient: new HttpBridge(http),
    maxNetworkRetries: 0,
    telemetry: false,
    stripeAccount: config.account_id,
  })
  const ask = async <T>(path: string, query: StripeQuery, shape: z.ZodType<T>, signal: AbortSignal): Promise<{ value: T; bytes: number; at: number | null }> => {
    const request: Underway = { signal, bytes: 0, at: null }
    try {
      const answer = await underway.run(request, () => client.rawRequest('GET', withQuery(path, query)))
      return { value: shape.parse(answer), bytes: request.bytes, at: request.at }
    } catch (error) {
      throw stripeError(error, config, signal)
    }
  }
  return {
    list: async (path, query, signal) => {
      const { value, bytes, at } = await ask(path, query, Page, signal)
      return { data: value.data, hasMore: value.has_more, bytes, at }
    },
    get: async (path, query, signal) => {
      const { value, bytes } = await ask(path, query, Item, signal)
      return { object: value, bytes }
    },
    get usage() {
      return http.usage
    },
    pace: () => http.pace(),
    close: () => http.close(),
  }
}

const Item = z.custom<StripeObject>((value) => isRecord(value) && typeof value.id === 'string' && typeof value.object === 'string')
const Page = z.object({ data: z.array(Item), has_more: z.boolean() })

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function withQuery(path: string, query: StripeQuery): string {
  const [bare = '', own] = path.split('?')
  const search = new URLSearchParams(own)
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') search.append(name, value)
    else for (const item of value) search.append(`${name}[]`, item)
  }
  const text = search.toString()
  return text === '' ? bare : `${bare}?${text}`
}

interface Underway {
  signal: AbortSignal
  bytes: number
  at: number | null
}

/** Stripe's client passes no signal on; the request that is under way is found by the chain of its promises. */
const underway = new AsyncLocalStorage<Underway>()

/** The client's way to the network: ours. */
class HttpBridge extends Stripe.HttpClient {
  constructor(private readonly http: Http) {
    super()
  }

  override getClientName(): string {
    return 'tributary'
  }

  override async makeRequest(_host: string, _port: string, path: string, method: string, headers: Record<string, string | number | string[]>): Promise<BridgeResponse> {
    const request = underway.getStore() ?? { signal: new AbortController().signal, bytes: 0, at: null }
    const [bare = '', search = ''] = path.split('?')
    const answer = await this.http.send({ method, path: bare, query: queryOf(search), headers: texts(headers) }, request.signal)
    request.bytes += answer.body.length
    request.at = secondsOf(answer.headers.date)
    return new BridgeResponse(answer.status, answer.headers, answer.body)
  }
}

class BridgeResponse extends Stripe.HttpClientResponse {
  constructor(
    private readonly status: number,
    headers: Record<string, string>,
    private readonly body: Buffer,
  ) {
    // The client prints Stripe's notices on the console.
    super(status, Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'stripe-notice')))
  }

  /** The client writes its findings on it. */
  override getRawResponse(): object {
    return {}
  }

  /** A refusal always comes out as one, also when a gateway words it in its own way: the client only knows refusals by their `error`. */
  override async toJSON(): Promise<unknown> {
    const text = this.body.toString('utf8')
    if (this.status < 400) return this._parseResponseBody(text)
    try {
      const value: unknown = JSON.parse(text)
      if (isRecord(value) && isRecord(value.error)) return value
    } catch {
      // not JSON: the status says it
    }
    return { error: { type: 'api_error', message: `HTTP ${this.status}` } }
  }
}

function secondsOf(date: string | undefined): number | null {
  const at = Math.floor(Date.parse(date ?? '') / 1000)
  return Number.isNaN(at) ? null : at
}

function queryOf(search: string): Record<string, string | string[]> {
  const params = new URLSearchParams(search)
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)]))
}

function texts(headers: Record<string, string | number | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]))
}
