import { setMaxListeners } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Stripe } from 'stripe'
import { AccountStore } from './account-store'
import { answer } from './answer'
import { idMaker, seedOf } from './ids'
import { Keys } from './keys'
import { failed, noAccess, Refusal, tooMany, unknownUrl } from './refusal'
import { routeOf } from './routes'
import { send, type Answer } from './send'
import { TokenBucket } from './token-bucket'
import { Troubles, type Trouble } from './troubles'
import type { EmulatedStore, ServedRequest, StripeServer, StripeServerOptions, StripeTrouble } from './types'

/** 2026-01-01T00:00:00Z. */
const DEFAULT_NOW = 1_767_225_600

/** Starts the emulated service on a free port of this machine. */
export async function startStripe(options: StripeServerOptions = {}): Promise<StripeServer> {
  const server = new Emulator(options)
  await server.listen()
  return server
}

class Emulator implements StripeServer {
  url = ''
  readonly requests: ServedRequest[] = []
  readonly store: AccountStore
  readonly key: string
  private readonly seed: number
  private seconds: number
  private readonly keys: Keys
  private readonly requestId: (prefix: string) => string
  private readonly account: string
  private readonly accounts = new Map<string, AccountStore>()
  private readonly buckets = new Map<string, TokenBucket>()
  private readonly troubles = new Troubles()
  private readonly open = new Set<http.IncomingMessage>()
  private readonly closing = new AbortController()
  private readonly server = http.createServer((request, response) => void this.serve(request, response))

  constructor(private readonly options: StripeServerOptions) {
    this.server.keepAliveTimeout = 0 // a client's idle connection is never closed just as it is used again
    setMaxListeners(0, this.closing.signal) // any number of requests waits for it
    this.seed = options.seed ?? 1
    this.seconds = options.now ?? DEFAULT_NOW
    // Ids of the account's objects do not depend on how many requests or keys there were.
    this.requestId = idMaker(seedOf(this.seed, 'requests'))
    this.keys = new Keys(idMaker(seedOf(this.seed, 'keys')), options.mode ?? 'live')
    this.key = this.keys.whole
    this.account = idMaker(seedOf(this.seed, 'accounts'))('acct_')
    this.store = this.addAccount(this.account)
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve))
    const { port } = this.server.address() as AddressInfo // it listens on a port, not on a pipe
    this.url = `http://127.0.0.1:${port}`
  }

  keyWithout(...permissions: string[]): string {
    return this.keys.without(...permissions)
  }

  connect(account: string): EmulatedStore {
    return this.accounts.get(account) ?? this.addAccount(account)
  }

  advance(seconds: number): void {
    this.seconds += seconds
  }

  trouble(trouble: StripeTrouble): void {
    this.troubles.add(trouble)
  }

  underWay(): number {
    return this.open.size
  }

  async close(): Promise<void> {
    this.closing.abort()
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  private addAccount(account: string): AccountStore {
    const store = new AccountStore(seedOf(this.seed, account), () => this.seconds)
    this.accounts.set(account, store)
    return store
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.open.add(request)
    response.once('close', () => this.open.delete(request))
    const url = request.url ?? ''
    const account = String(request.headers['stripe-account'] ?? '') || this.account
    const { trouble, ...made } = this.answerTo(request, account)
    try {
      if (this.options.latencyMs) await wait(this.options.latencyMs, undefined, { signal: this.closing.signal })
    } catch {
      return // closed meanwhile
    }
    if (trouble === 'hang' || response.destroyed) return
    this.log(url, account, made.status)
    await send(request, response, made, trouble !== null && 'cutAfterBytes' in trouble ? trouble.cutAfterBytes : undefined)
    this.open.delete(request)
  }

  /** What the request gets as things stand now, and what befalls it on the way. */
  private answerTo(request: http.IncomingMessage, account: string): Answer & { trouble: Trouble | null } {
    const id = this.requestId('req_')
    const headers: Record<string, string> = {
      date: new Date(this.seconds * 1000).toUTCString(),
      'request-id': id,
      'stripe-version': String(request.headers['stripe-version'] ?? Stripe.API_VERSION),
      ...(request.headers['stripe-account'] && { 'stripe-account': account }),
    }
    let trouble: Trouble | null = null
    try {
      const key = this.keys.keyIn(request.headers.authorization)
      const store = this.accounts.get(account)
      if (!store) throw noAccess(key, account)
      if (!this.mayPass(account)) throw tooMany()
      trouble = this.troubles.meet(request.url ?? '', store)
      if (trouble !== null && trouble !== 'hang' && 'status' in trouble) throw trouble.status === 429 ? tooMany() : failed(trouble.status)
      return { status: 200, body: this.bodyFor(request, { key, account, store }), headers, trouble }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.status === 429) headers['stripe-rate-limited-reason'] = 'global-rate'
      if (trouble !== null && trouble !== 'hang' && 'status' in trouble && trouble.retryAfterSeconds !== undefined) headers['retry-after'] = String(trouble.retryAfterSeconds)
      return { status: error.status, body: Buffer.from(JSON.stringify(error.body(id))), headers, trouble }
    }
  }

  private bodyFor(request: http.IncomingMessage, { key, account, store }: { key: string; account: string; store: AccountStore }): Buffer {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url)
    const found = request.method === 'GET' ? routeOf(pathname) : null
    if (!found) throw unknownUrl(request.method ?? '', pathname)
    const refusal = this.keys.refusal(key, found.route.kind === 'list' ? found.route.endpoint.permission : found.route.permission, account)
    if (refusal) throw refusal
    return answer(found, { store, account, path: pathname, search: searchParams })
  }

  /** Stripe counts the requests of each account. */
  private mayPass(account: string): boolean {
    const { perSecond, burst = perSecond } = this.options
    if (perSecond === undefined || burst === undefined) return true
    const bucket = this.buckets.get(account) ?? new TokenBucket(perSecond, burst)
    this.buckets.set(account, bucket)
    return bucket.take()
  }

  private log(url: string, account: string, status: number): void {
    const { pathname, searchParams } = new URL(url, this.url)
    const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]))
    this.requests.push({ path: pathname, query, account, status })
  }
}
