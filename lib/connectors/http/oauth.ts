import type http from 'node:http'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { checkAddress, guardedAgent } from './agent'
import { basic, type Signer } from './auth'
import { exchange, type WireAnswer } from './exchange'
import { inWords, WireFailure } from './failure'
import { Repeats, type Outcome } from './repeats'
import { parseTokenUrl } from './request-url'
import { pause } from './signals'
import type { OAuth2, Patience } from './types'

/** A token is renewed so long before it expires, or half of its life before when that is shorter. */
const RENEWED_BEFORE_MS = 60_000
const TOKEN_BYTES = 1024 * 1024

const Granted = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  // some services send it as text
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional(),
})

interface Token {
  value: string
  renewAt: number
}

/** Signs with an access token of OAuth 2.0 (RFC 6749), fetched from the token endpoint when it is needed; those who need one at the same time share one request. */
export class OAuthSigner implements Signer {
  private token: Token | undefined
  private fetching: Promise<Token> | undefined
  private refreshToken: string | undefined
  private readonly seen = new Set<string>()
  private readonly url: URL
  private readonly agent: http.Agent
  private readonly closed = new AbortController()

  constructor(
    private readonly auth: OAuth2,
    private readonly patience: Patience,
    certificateAuthority: string | undefined,
  ) {
    this.url = parseTokenUrl(auth.tokenUrl)
    this.agent = guardedAgent(this.url, 1, certificateAuthority)
    this.refreshToken = auth.refreshToken
    for (const secret of [auth.clientSecret, `${auth.clientId}:${auth.clientSecret}`, auth.refreshToken ?? '']) this.seen.add(secret)
  }

  async headers(signal: AbortSignal): Promise<Record<string, string>> {
    if (!this.token || Date.now() >= this.token.renewAt) {
      this.fetching ??= this.fetch().finally(() => (this.fetching = undefined))
      // whoever gives up leaves the others their request
      this.token = await orAborted(this.fetching, signal)
    }
    return { authorization: `Bearer ${this.token.value}` }
  }

  renew({ authorization }: Record<string, string>): boolean {
    // another request may have renewed it meanwhile
    if (this.token && authorization === `Bearer ${this.token.value}`) this.token = undefined
    return true
  }

  secrets(): string[] {
    return [...this.seen]
  }

  close(): void {
    this.closed.abort(new AppError('cancelled', { title: 'Cancelled' }))
    this.agent.destroy()
  }

  private async fetch(): Promise<Token> {
    const sentAt = Date.now()
    const answer = await this.ask()
    if (answer.status < 200 || answer.status > 299) throw this.refused(answer)
    const granted = Granted.safeParse(jsonOf(answer.body))
    if (!granted.success) throw this.strange()
    const { access_token: value, expires_in: seconds = Infinity, refresh_token: refreshToken } = granted.data
    this.seen.add(value)
    if (refreshToken !== undefined && refreshToken !== this.refreshToken) {
      this.seen.add(refreshToken)
      // with the client's own credentials there is nothing to refresh
      if (this.refreshToken !== undefined) {
        this.refreshToken = refreshToken
        this.auth.onRefreshToken?.(refreshToken)
      }
    }
    return { value, renewAt: sentAt + seconds * 1000 - Math.min(RENEWED_BEFORE_MS, seconds * 500) }
  }

  private async ask(): Promise<WireAnswer> {
    // asked again only as long as the endpoint itself is what fails
    const repeats = new Repeats({ path: '', method: 'POST', isRepeatable: true }, this.patience)
    for (;;) {
      const sentAt = performance.now()
      const outcome = await this.attempt().then((answer): Outcome => ({ answer }), (error: unknown): Outcome => ({ error }))
      const ms = this.closed.signal.aborted ? null : repeats.pauseAfter(outcome, performance.now() - sentAt)
      if (ms !== null) {
        await pause(ms, this.closed.signal)
        continue
      }
      if ('answer' in outcome) return outcome.answer
      throw outcome.error instanceof WireFailure ? inWords(outcome.error, this.url.host, repeats.attempts) : outcome.error
    }
  }

  private async attempt(): Promise<WireAnswer> {
    await checkAddress(this.url)
    const { auth, patience } = this
    const inHeader = (auth.clientIn ?? 'header') === 'header'
    const fields = new URLSearchParams({
      ...(this.refreshToken === undefined ? { grant_type: 'client_credentials' } : { grant_type: 'refresh_token', refresh_token: this.refreshToken }),
      ...(auth.scope !== undefined && { scope: auth.scope }),
      ...(auth.clientIn === 'body' && { client_id: auth.clientId, client_secret: auth.clientSecret }),
      ...(typeof auth.fields === 'function' ? auth.fields() : auth.fields),
    })
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Tributary', ...(inHeader && { authorization: basic(formEncoded(auth.clientId), formEncoded(auth.clientSecret)) }) }
    const { connectSeconds, firstByteSeconds, idleSeconds, requestSeconds } = patience
    return exchange({ url: this.url, method: 'POST', headers, body: Buffer.from(fields.toString()), mostBytes: TOKEN_BYTES, agent: this.agent, connectSeconds, firstByteSeconds, idleSeconds, requestSeconds }, this.closed.signal)
  }

  private refused({ status, body }: WireAnswer): AppError {
    const { host } = this.url
    if (status >= 500 || status === 429 || status === 408) {
      return new AppError('source', { title: `${host} gave no access token`, detail: `HTTP ${status}`, advice: 'Try again later' }, { isRetryable: true })
    }
    // of what it says only the standard's own word, which cannot hold a secret
    const word = z.object({ error: z.string().regex(/^[a-z_]{3,40}$/) }).safeParse(jsonOf(body)).data?.error
    const words = this.auth.explain?.(body.toString('utf8'))
    if (words) return new AppError('credentials', words)
    return new AppError('credentials', { title: `${host} refused to give an access token`, detail: word === undefined ? `HTTP ${status}` : `HTTP ${status}: ${word}`, advice: word === 'invalid_client' ? 'Check the client id and the client secret' : 'Connect the account again' })
  }

  private strange(): AppError {
    return new AppError('source', { title: `${this.url.host} gave no access token`, detail: 'Its answer holds none', advice: 'Check the address of the token endpoint' })
  }
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined // said by who asks
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
