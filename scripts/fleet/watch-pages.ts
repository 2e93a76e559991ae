import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Random } from '../simulate/random'
import { Refused, Unclean, type Rows, type Visitors } from './ask'
import type { Part } from './part'
import { quoted, STATE } from './source-table'
import type { LinkedSource, LinkedTable, Tenant } from './tenants'

const PAUSE_MS = 300

const Status = z.object({ id: z.string(), enabledSchemas: z.number(), runningSchemas: z.number(), queuedSchemas: z.number() })

/** Asks pages all the time, as people who are signed in would, and holds each answer against what was ever true. */
export class PageWatch {
  readonly wrong: string[] = []
  /** Errors in words, and how often. */
  readonly refusals = new Map<string, number>()
  right = { status: 0, query: 0 }
  /** Nobody answered, while something was done to that process. */
  silent = 0
  longestRefusalMs = 0
  readonly answersMs: number[] = []
  private readonly seen = new Map<string, number>()
  private readonly ending = new AbortController()
  private running: Promise<void>[] = []

  constructor(
    private readonly visitors: Visitors,
    private readonly tenants: Tenant[],
    private readonly random: Random,
  ) {}

  start(webs: Part[]): void {
    const asks = [this.askStatus, this.askTable, this.askTable, this.askTable]
    this.running = webs.flatMap((web) => asks.map((ask) => this.loop(web, (one) => ask.call(this, one))))
  }

  async stop(): Promise<void> {
    this.ending.abort()
    await Promise.all(this.running)
  }

  /** The answer of a query for a table's state; undefined when it was all right. */
  judge({ name, ledger }: LinkedTable, rows: Rows, leastRevision: number): string | undefined {
    const state = String(rows[0]?.[0])
    const revision = ledger.revisionOf(state)
    if (revision === undefined) return `${name} had a state that its source never had: ${state}`
    if (revision < leastRevision) return `${name} went back from state ${leastRevision} to ${revision}`
    this.seen.set(name, Math.max(revision, this.seen.get(name) ?? 0))
    return undefined
  }

  private async loop(web: Part, ask: (web: Part) => Promise<void>): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.once(web, ask)
      await wait(PAUSE_MS, undefined, { signal: this.ending.signal }).catch(() => {}) // woken to end
    }
  }

  private async once(web: Part, ask: (web: Part) => Promise<void>): Promise<void> {
    const beganMs = Date.now()
    try {
      await ask(web)
      this.answersMs.push(Date.now() - beganMs)
    } catch (error) {
      if (error instanceof Refused) {
        this.longestRefusalMs = Math.max(this.longestRefusalMs, Date.now() - beganMs)
        const words = `${error.code}: ${error.title}`
        return void this.refusals.set(words, (this.refusals.get(words) ?? 0) + 1)
      }
      if (error instanceof Unclean) return void this.wrong.push(`${web.name}: ${error.message}`)
      if (web.wasTroubledSince(beganMs)) return void this.silent++
      this.wrong.push(`${web.name} did not answer for ${Math.round((Date.now() - beganMs) / 1_000)} s, and nothing was done to it: ${String((error as Error).cause ?? error)}`)
    }
  }

  private async askStatus(web: Part): Promise<void> {
    const { tenant, source } = this.pick()
    const read = Status.safeParse(await this.visitors.get(web, tenant, `/api/status/sources/${source.sourceId}`))
    if (!read.success || read.data.id !== source.sourceId || read.data.enabledSchemas !== source.tables.length) return void this.wrong.push(`${web.name}: the state of a source was ${JSON.stringify(read.data ?? read.error)}`)
    this.right.status++
  }

  private async askTable(web: Part): Promise<void> {
    const { tenant, source } = this.pick()
    const table = source.tables[this.random.below(source.tables.length)]!
    const least = this.seen.get(table.name) ?? 0
    const problem = this.judge(table, await this.visitors.query(web, tenant, `SELECT ${STATE} FROM ${quoted(table.name)}`), least)
    if (problem) this.wrong.push(`${web.name}: ${problem}`)
    else this.right.query++
  }

  private pick(): { tenant: Tenant; source: LinkedSource } {
    const tenant = this.tenants[this.random.below(this.tenants.length)]!
    return { tenant, source: tenant.sources[this.random.below(tenant.sources.length)]! }
  }
}
