import type { Agent } from 'node:http'
import { AppError } from '@/lib/core/errors'
import { checkAddress, guardedAgent } from './agent'
import { exchange } from './exchange'
import { inWords, WireFailure } from './failure'
import { blotter } from './redact'
import { parseBaseUrl, requestUrl } from './request-url'
import type { Http, HttpAnswer, HttpOptions, HttpRequest, HttpUsage } from './types'

export class HttpSession implements Http {
  readonly usage: HttpUsage = { requests: 0, retries: 0, refused: 0, waitedSeconds: 0, bytes: 0 }
  private readonly base: URL
  private readonly agent: Agent
  private readonly closed = new AbortController()
  private readonly blot: (text: string) => string

  constructor(private readonly options: HttpOptions) {
    this.base = parseBaseUrl(options.baseUrl)
    this.agent = guardedAgent(this.base, options.concurrency ?? 32, options.certificateAuthority)
    const { auth } = options
    this.blot = blotter([...(options.secrets ?? []), ...(auth?.kind === 'bearer' ? [auth.token] : []), ...(auth?.kind === 'basic' ? [auth.password, `${auth.user}:${auth.password}`] : [])])
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return this.attempt(request, signal)
  }

  private async attempt(request: HttpRequest, given: AbortSignal): Promise<HttpAnswer & { wireBytes: number }> {
    const signal = AbortSignal.any([given, this.closed.signal])
    try {
      await checkAddress(this.base)
      this.usage.requests++
      const answer = await exchange({
        url: requestUrl(this.base, request),
        method: request.method ?? 'GET',
        headers: { accept: 'application/json', 'accept-encoding': 'gzip, deflate, br', ...this.authorization(), ...this.options.headers, ...request.headers },
        body: request.body === undefined ? undefined : Buffer.from(request.body),
        mostBytes: request.mostBytes ?? 64 * 1024 * 1024,
        agent: this.agent,
        connectSeconds: 10,
        firstByteSeconds: 60,
        idleSeconds: 60,
        requestSeconds: request.timeoutSeconds ?? 300,
      }, signal)
      this.usage.bytes += answer.wireBytes
      return answer
    } catch (error) {
      if (signal.aborted) throw error instanceof AppError ? error : new AppError('cancelled', { title: 'Cancelled' })
      if (error instanceof WireFailure) throw inWords(error, this.base.host, 1)
      throw error
    }
  }

  private authorization(): Record<string, string> {
    const { auth } = this.options
    if (auth?.kind === 'bearer') return { authorization: `Bearer ${auth.token}` }
    if (auth?.kind === 'basic') return { authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}` }
    return {}
  }

  async json(request: HttpRequest, signal: AbortSignal): Promise<{ value: unknown; headers: Record<string, string>; bytes: number }> {
    const answer = await this.attempt(request, signal)
    if (answer.status < 200 || answer.status > 299) throw new AppError('source', { title: `${this.base.host} answered ${answer.status}`, detail: this.blot(answer.body.toString('utf8').slice(0, 300)) })
    return { value: JSON.parse(answer.body.toString('utf8')) as unknown, headers: answer.headers, bytes: answer.wireBytes }
  }

  pace(): string | null {
    return null
  }

  close(): void {
    this.closed.abort(new AppError('cancelled', { title: 'Cancelled' }))
    this.agent.destroy()
  }
}
