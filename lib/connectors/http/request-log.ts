import { performance } from 'node:perf_hooks'
import { formatBytes } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { HttpLog } from './types'

export interface RequestLine {
  method: string
  /** Without the origin. */
  url: URL
  /** The status, or what went wrong. */
  outcome: string
  ms: number
  bytes: number
  attempt: number
}

interface Summary {
  since: number
  requests: number
  bytes: number
  outcomes: Map<string, number>
}

/** What a session did, for the log of a run: a line for each of its first requests, summaries of the later ones, and what is unusual, but never a flood. */
export class RequestLog {
  private lines = 0
  private summary: Summary | undefined
  private readonly events = new Map<string, { at: number; untold: number }>()

  constructor(
    private readonly write: HttpLog,
    private readonly blot: (text: string) => string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  request({ method, url, outcome, ms, bytes, attempt }: RequestLine): void {
    if (this.lines++ < limits.http.requestLines) {
      const again = attempt > 1 ? `, attempt ${attempt}` : ''
      return this.tell('debug', `${method} ${url.pathname}${legible(url.search)} → ${outcome}, ${Math.round(ms)} ms, ${formatBytes(bytes)}${again}`)
    }
    const summary = (this.summary ??= { since: this.now(), requests: 0, bytes: 0, outcomes: new Map() })
    summary.requests++
    summary.bytes += bytes
    summary.outcomes.set(outcome, (summary.outcomes.get(outcome) ?? 0) + 1)
    if (this.now() - summary.since >= limits.http.summarySeconds * 1000) this.end()
  }

  /** Something unusual; of each kind there is a line every few seconds at most, which tells how many were left out. */
  event(kind: string, message: string): void {
    const last = this.events.get(kind)
    if (last && this.now() - last.at < limits.http.eventLineSeconds * 1000) {
      last.untold++
      return
    }
    this.tell('info', last && last.untold > 0 ? `${message} (and ${last.untold} more since the last such line)` : message)
    this.events.set(kind, { at: this.now(), untold: 0 })
  }

  /** Tells the summary that is still open. */
  end(): void {
    const { summary } = this
    if (!summary) return
    this.summary = undefined
    const outcomes = [...summary.outcomes].map(([outcome, count]) => `${count} × ${outcome}`).join(', ')
    this.tell('debug', `${summary.requests} more requests: ${outcomes}; ${formatBytes(summary.bytes)}`)
  }

  private tell(level: 'debug' | 'info', message: string): void {
    this.write(level, this.blot(message))
  }
}

/** As a person would write it: brackets and commas as they are. */
function legible(search: string): string {
  return search.replace(/%(5B|5D|2C|3A)/gi, (code) => decodeURIComponent(code))
}
