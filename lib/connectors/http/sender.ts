import { performance } from 'node:perf_hooks'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { checkAddress, guardedAgent } from './agent'
import type { Signer } from './auth'
import { begin, exchange, type WireAnswer, type WireRequest } from './exchange'
import { inWords, WireFailure } from './failure'
import type { RateLimiter, Turn } from './rate-limiter'
import { askedPause, methodOf, Repeats, type Outcome } from './repeats'
import type { RequestLog } from './request-log'
import { rounded } from './rounded'
import { pause } from './signals'
import type { HttpOptions, HttpRequest, HttpUsage, Patience } from './types'

/** A wait for one's turn that is worth a line in the log. */
const LONG_WAIT_MS = 5_000

/** Sends the requests of one session: each attempt when its turn comes, signed, and again while that may help. */
export class Sender {
  readonly usage: HttpUsage = { requests: 0, retries: 0, refused: 0, waitedSeconds: 0, bytes: 0 }
  private readonly agent

  constructor(
    private readonly base: URL,
    private readonly options: HttpOptions,
    private readonly patience: Patience,
    private readonly signer: Signer,
    private readonly limiter: RateLimiter,
    private readonly log: RequestLog,
  ) {
    this.agent = guardedAgent(base, options.concurrency ?? limits.http.concurrency, options.certificateAuthority)
  }

  /** The last answer; WireFailure in words when there was none. Rejects with the signal's reason as soon as it is aborted. */
  async send(request: HttpRequest, url: URL, signal: AbortSignal, by = exchange): Promise<WireAnswer> {
    const repeats = new Repeats(request, this.patience)
    let mayRenew = true
    for (let isAgain = false; ; isAgain = true) {
      const signature = await this.signer.headers(signal)
      const turn = await this.turn(isAgain, signal)
      const { outcome, ms } = await this.attempt(by, this.wire(request, url, signature), turn, repeats.attempts + 1, signal)
      signal.throwIfAborted()
      if ('answer' in outcome && outcome.answer.status === 401 && mayRenew && this.signer.renew(signature)) {
        mayRenew = false
        continue
      }
      const pauseMs = repeats.pauseAfter(outcome, ms)
      if (pauseMs === null) return this.last(outcome, repeats.attempts)
      this.log.event('retry', `${methodOf(request)} ${url.pathname} is tried again in ${rounded(pauseMs / 1000)} s: ${inShort(outcome)}`)
      this.usage.waitedSeconds += pauseMs / 1000
      await pause(pauseMs, signal)
    }
  }

  /** One attempt, whose answer comes as soon as it begins. */
  begin(request: HttpRequest, url: URL, signal: AbortSignal): Promise<WireAnswer> {
    return this.send({ ...request, isRepeatable: false }, url, signal, begin)
  }

  close(): void {
    this.agent.destroy()
  }

  private last(outcome: Outcome, attempts: number): WireAnswer {
    if ('answer' in outcome) return outcome.answer
    throw outcome.error instanceof WireFailure ? inWords(outcome.error, this.base.host, attempts) : outcome.error
  }

  private async turn(isAgain: boolean, signal: AbortSignal): Promise<Turn> {
    const turn = await this.limiter.turn(isAgain, signal)
    this.usage.waitedSeconds += turn.waitedMs / 1000
    if (turn.waitedMs > LONG_WAIT_MS) this.log.event('wait', `Waited ${Math.round(turn.waitedMs / 1000)} s for a turn at ${this.base.host}`)
    return turn
  }

  private async attempt(by: typeof exchange, wire: WireRequest, turn: Turn, attempt: number, signal: AbortSignal): Promise<{ outcome: Outcome; ms: number }> {
    this.usage.requests++
    if (attempt > 1) this.usage.retries++
    const begunAt = performance.now()
    const outcome = await checkAddress(this.base).then(() => by(wire, signal)).then((answer): Outcome => ({ answer }), (error: unknown): Outcome => ({ error }))
    const ms = performance.now() - begunAt
    const bytes = 'answer' in outcome ? outcome.answer.wireBytes : 0
    this.usage.bytes += bytes
    this.tellLimiter(outcome, turn)
    this.log.request({ method: wire.method, url: wire.url, outcome: inShort(outcome), ms, bytes, attempt })
    return { outcome, ms }
  }

  private tellLimiter(outcome: Outcome, turn: Turn): void {
    if (!('answer' in outcome)) return turn.failed(outcome.error instanceof WireFailure && outcome.error.isStrain)
    const { status } = outcome.answer
    const asked = askedPause(outcome.answer, this.patience)
    if (status === 429) {
      this.usage.refused++
      if (asked > 0) this.log.event('pause', `${this.base.host} asks for a pause of ${rounded(asked / 1000)} s`)
      turn.refused(asked)
    } else if (status >= 500) {
      if (asked > 0) this.limiter.pause(asked)
      turn.failed(true)
    } else turn.passed()
  }

  private wire(request: HttpRequest, url: URL, signature: Record<string, string>): WireRequest {
    const { connectSeconds, firstByteSeconds, idleSeconds, requestSeconds } = this.patience
    return {
      url,
      exactPath: request.exactPath,
      method: methodOf(request),
      headers: { accept: 'application/json', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'Tributary', ...signature, ...lowerCase(this.options.headers), ...lowerCase(request.headers) },
      body: request.body === undefined ? undefined : Buffer.from(request.body),
      mostBytes: request.mostBytes ?? limits.http.answerBytes,
      agent: this.agent,
      connectSeconds,
      firstByteSeconds,
      idleSeconds,
      requestSeconds: request.timeoutSeconds ?? requestSeconds,
    }
  }
}

/** The status, or what went wrong. */
function inShort(outcome: Outcome): string {
  if ('answer' in outcome) return String(outcome.answer.status)
  return outcome.error instanceof WireFailure || outcome.error instanceof AppError ? outcome.error.message : 'cancelled'
}

function lowerCase(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
