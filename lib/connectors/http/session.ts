import type { IncomingMessage } from 'node:http'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { parsedJson, refusedInWords } from './answer-error'
import { fixedSigner, type Signer } from './auth'
import type { WireAnswer } from './exchange'
import { inWords, WireFailure } from './failure'
import { OAuthSigner } from './oauth'
import type { RateLimiter } from './rate-limiter'
import { blotter } from './redact'
import { methodOf } from './repeats'
import { RequestLog } from './request-log'
import { elsewhere, parseBaseUrl, requestUrl } from './request-url'
import { rounded } from './rounded'
import { Sender } from './sender'
import { shareLimiter } from './shared-limiters'
import { joined } from './signals'
import { streamBody } from './stream-body'
import type { Http, HttpAnswer, HttpOptions, HttpRequest, HttpStream, HttpUsage, JsonAnswer, Patience } from './types'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

interface Arrived extends WireAnswer {
  url: string
}

export class HttpSession implements Http {
  readonly usage: HttpUsage
  private readonly base: URL
  private readonly signer: Signer
  private readonly limiter: RateLimiter
  private readonly release: () => void
  private readonly log: RequestLog
  private readonly sender: Sender
  private readonly patience: Patience
  private readonly closed = new AbortController()

  constructor(private readonly options: HttpOptions) {
    const { auth, certificateAuthority, account, likelyPerSecond } = options
    const { startPerSecond = limits.http.startPerSecond, mostPerSecond = limits.http.mostPerSecond, concurrency = limits.http.concurrency } = options
    this.patience = { ...limits.http, ...options.patience }
    const { patience } = this
    this.base = parseBaseUrl(options.baseUrl)
    this.signer = auth?.kind === 'oauth2' ? new OAuthSigner(auth, patience, certificateAuthority) : fixedSigner(auth)
    this.log = new RequestLog((level, message) => options.log?.(level, message), (text) => this.blot(text))
    const { limiter, release } = shareLimiter(this.base.origin, account, { startPerSecond, likelyPerSecond, mostPerSecond, concurrency })
    const tellLimit = (perSecond: number): void => this.log.event('limit', `${this.base.host} allows about ${rounded(perSecond)} requests a second`)
    limiter.onLimit.add(tellLimit)
    this.limiter = limiter
    this.release = () => {
      limiter.onLimit.delete(tellLimit)
      release()
    }
    this.sender = new Sender(this.base, options, patience, this.signer, limiter, this.log)
    this.usage = this.sender.usage
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { status, headers, body } = await this.answerOf(request, signal)
    return { status, headers, body }
  }

  async json(request: HttpRequest, signal: AbortSignal): Promise<JsonAnswer> {
    const answer = await this.answerOf(request, signal)
    if (answer.status < 200 || answer.status > 299) throw refusedInWords(answer, this.base.host, (text) => this.blot(text))
    return { value: parsedJson(answer, this.base.host), headers: answer.headers, bytes: answer.wireBytes, url: answer.url }
  }

  async stream(request: HttpRequest, given: AbortSignal): Promise<HttpStream> {
    const { signal, end } = joined(given, this.closed.signal)
    let isOpen = false
    try {
      const answer = await this.sender.begin({ ...request, headers: { 'accept-encoding': 'identity', ...request.headers } }, requestUrl(this.base, request), signal)
      const { status, headers, body, response } = answer
      if (!response) return { status, headers, body, bytes: null, drop: () => {} }
      isOpen = true
      const drop = (): void => {
        end()
        response.destroy()
      }
      return { status, headers, body, bytes: this.bytesOf(response, signal, drop), drop }
    } catch (error) {
      throw this.told(error, signal)
    } finally {
      if (!isOpen) end()
    }
  }

  private async *bytesOf(response: IncomingMessage, signal: AbortSignal, drop: () => void): AsyncGenerator<Buffer> {
    try {
      yield* streamBody(response, this.patience.idleSeconds, signal, (length) => (this.usage.bytes += length))
    } catch (error) {
      throw this.told(error instanceof WireFailure ? inWords(error, this.base.host, 1) : error, signal)
    } finally {
      drop()
    }
  }

  pace(): string | null {
    return this.limiter.pace()
  }

  close(): void {
    if (this.closed.signal.aborted) return
    this.closed.abort(cancelled())
    this.log.end()
    this.release()
    this.signer.close()
    this.sender.close()
  }

  private async answerOf(request: HttpRequest, given: AbortSignal): Promise<Arrived> {
    const { signal, end } = joined(given, this.closed.signal)
    try {
      return await this.followed(request, signal)
    } catch (error) {
      throw this.told(error, signal)
    } finally {
      end()
    }
  }

  private told(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason instanceof AppError ? signal.reason : cancelled(signal.reason)
    return error instanceof AppError ? this.blotted(error) : error
  }

  /** Redirects are followed within the origin alone: no key goes elsewhere. */
  private async followed(request: HttpRequest, signal: AbortSignal): Promise<Arrived> {
    let url = requestUrl(this.base, request)
    for (let hops = 0; ; hops++) {
      const answer = await this.sender.send(request, url, signal)
      const { location } = answer.headers
      if (request.keepsRedirects || !REDIRECTS.has(answer.status) || location === undefined || !['GET', 'HEAD'].includes(methodOf(request))) return { ...answer, url: url.href }
      const next = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (next?.origin !== this.base.origin) throw elsewhere(this.base, next?.origin ?? 'an address that is none')
      if (hops === limits.http.redirects) throw new AppError('source', { title: `${this.base.host} redirects without end`, detail: `It redirected ${hops + 1} times in a row`, advice: 'Check the address of the API' })
      url = requestUrl(this.base, { path: next.href })
    }
  }

  private blot(text: string): string {
    return blotter([...(this.options.secrets ?? []), ...this.signer.secrets()])(text)
  }

  /** A host or a redirect may hold what a message should not. */
  private blotted({ code, title, detail, advice, isRetryable, cause }: AppError): AppError {
    const words = { title: this.blot(title), detail: detail && this.blot(detail), advice: advice && this.blot(advice) }
    return new AppError(code, words, { isRetryable, cause })
  }
}

function cancelled(cause?: unknown): AppError {
  return new AppError('cancelled', { title: 'Cancelled' }, { cause })
}
