import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { setEnv } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { disconnect } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { closeJobs } from '@/lib/jobs/enqueue'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import type { Bar } from '../simulate/measures'
import { Random } from '../simulate/random'
import { queryHere, Visitors } from './ask'
import { compareAll, type Ask } from './compare'
import { bytesIn, sweepAndLook } from './leftovers'
import type { Network } from './network'
import { Part, type Kind, type Shared } from './part'
import { BUCKET, type Servers } from './servers'
import { countFilled, hurry, syncAllOnceMore } from './settle'
import type { Settings } from './settings'
import { tallyRuns } from './tally'
import { linkSources, makeTenants, type Tenant } from './tenants'
import { Troublemaker } from './trouble'
import { PageWatch } from './watch-pages'
import { RunWatch } from './watch-runs'

const FILL_MS = 30 * 60_000
const SETTLE_MS = 30 * 60_000
const HURRY_MS = 1_000

type Say = (words: string) => void

/** Workers and pages as processes that share a database and a bucket and nothing else, in trouble for some minutes; then every table against its source. */
export async function runFleet(servers: Servers, network: Network, folder: string, settings: Settings, say: Say, signal: AbortSignal): Promise<Bar[]> {
  const fleet = new Fleet(servers, network, folder, settings, say, signal)
  try {
    return await fleet.run()
  } finally {
    await fleet.close()
  }
}

class Fleet {
  private readonly random: Random
  private readonly parts: Part[] = []
  private readonly visitors = new Visitors()
  private tenants: Tenant[] = []
  private readonly bars: Bar[] = []
  private readonly beganMs = Date.now()
  private readonly runs: RunWatch

  constructor(
    private readonly servers: Servers,
    private readonly network: Network,
    private readonly folder: string,
    private readonly settings: Settings,
    private readonly tell: Say,
    private readonly signal: AbortSignal,
  ) {
    this.random = new Random(settings.seed)
    this.runs = new RunWatch(servers.databaseUrl)
  }

  async run(): Promise<Bar[]> {
    const { seed, schemas, workspaces, sourcesPerWorkspace, workers, webs, minutes } = this.settings
    this.say(`seed ${seed}: ${schemas} schemas of ${workspaces * sourcesPerWorkspace} sources in ${workspaces} workspaces; ${workers} workers, ${webs} pages; ${this.network.kind}; ${minutes} minutes of trouble`)
    await this.prepare()
    await this.fill()
    await this.endure()
    await this.settle()
    await this.compare()
    await this.end()
    await this.look()
    return this.bars
  }

  /** Whatever is still there, by force. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.parts.map((part) => part.end('SIGKILL')), ...this.writers().map((writer) => writer.stop()), this.runs.stop()])
    await coolDownQueries()
    await closeJobs()
    await disconnect()
  }

  private say(words: string): void {
    this.tell(`${((Date.now() - this.beganMs) / 1_000).toFixed(0).padStart(5)} s  ${words}`)
  }

  private bar(isMet: boolean, words: string): void {
    this.bars.push({ isMet, words })
  }

  private writers() {
    return this.tenants.flatMap((tenant) => tenant.sources.map((source) => source.writer))
  }

  private ofKind(kind: Kind): Part[] {
    return this.parts.filter((part) => part.kind === kind)
  }

  private async prepare(): Promise<void> {
    const { databaseUrl, sourceUrl, bucket } = this.servers
    const secrets = { ENCRYPTION_KEY: randomBytes(32).toString('hex'), NEXTAUTH_SECRET: randomBytes(32).toString('hex') }
    const warehouse = { WAREHOUSE_URL: `s3://${BUCKET}/fleet`, AWS_ACCESS_KEY_ID: bucket.accessKey, AWS_SECRET_ACCESS_KEY: bucket.secretKey }
    // this process asks for syncs and sweeps, as the command line does, past the networks of the others
    setEnv({ ...secrets, ...warehouse, DATABASE_URL: databaseUrl, S3_ENDPOINT: bucket.endpoint, TRIBUTARY_DATA: path.join(this.folder, 'desk') })
    mkdirSync(path.join(this.folder, 'desk'), { recursive: true })
    await migrate(databaseUrl)
    this.tenants = await makeTenants(databaseUrl, this.settings.workspaces)
    await linkSources(this.tenants, sourceUrl, this.network.source, this.settings, this.random)
    this.say('linked')
    const shared: Shared = { environment: { ...secrets, ...warehouse, LOG_LEVEL: 'info' }, databaseOf: ({ host, port }) => Object.assign(new URL(databaseUrl), { host: `${host}:${port}` }).href }
    for (const kind of ['web', 'worker'] as const) {
      for (let number = 1; number <= this.settings[`${kind}s`]; number++) this.parts.push(new Part(kind, `${kind} ${number}`, await this.network.newLine(), this.folder, shared))
    }
    await Promise.all(this.parts.map((part) => part.start()))
    await Promise.all(this.parts.map((part) => part.isUp(this.signal)))
    const [web] = this.ofKind('web')
    if (web) for (const tenant of this.tenants) await this.visitors.signIn(web, tenant)
  }

  private async fill(): Promise<void> {
    this.runs.start()
    for (const writer of this.writers()) writer.start()
    for (const deadline = Date.now() + FILL_MS; ; await wait(1_000, undefined, { signal: this.signal })) {
      const filled = await countFilled(this.servers.databaseUrl)
      if (filled === this.settings.schemas) break
      if (Date.now() > deadline) throw new Error(`After ${FILL_MS / 60_000} minutes ${filled} of ${this.settings.schemas} tables have data`)
    }
    this.say('every table was synced once')
  }

  private async endure(): Promise<void> {
    const watch = new PageWatch(this.visitors, this.tenants, new Random(this.settings.seed + 1))
    watch.start(this.ofKind('web'))
    const troubles = new Troublemaker(this.parts, this.network, this.servers, this.settings, new Random(this.settings.seed + 2), (words) => this.say(words))
    const isOver = new AbortController()
    const hurried = this.hurryUntil(isOver.signal)
    try {
      await troubles.make(this.settings.minutes * 60, this.signal)
    } finally {
      isOver.abort()
      await hurried
      await watch.stop()
    }
    this.say(`trouble is over: ${[...troubles.counts].map(([words, count]) => `${words} ${count}`).join(', ')}`)
    for (const failure of troubles.failures) this.bar(false, `trouble could not be made: ${failure}`)
    if (!this.settings.webs) return
    const refused = [...watch.refusals].map(([words, count]) => `${count} × ${words}`)
    for (const words of refused) this.say(`  the pages said: ${words}`)
    const seconds = watch.answersMs.toSorted((a, b) => a - b).map((ms) => ms / 1_000)
    const after = (part: number) => (seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * part))] ?? 0).toFixed(1)
    this.say(`  the longest of these took ${(watch.longestRefusalMs / 1_000).toFixed(1)} s; right answers took ${after(0.5)} s (median), ${after(0.95)} s (95 %), ${after(1)} s (longest)`)
    for (const words of watch.wrong.slice(0, 20)) this.say(`  WRONG ${words}`)
    this.bar(!watch.wrong.length && watch.right.query > 0, `pages answered ${watch.right.status} questions about states and ${watch.right.query} queries with what was true, ${[...watch.refusals.values()].reduce((sum, count) => sum + count, 0)} with an error in words; ${watch.silent} times one that was troubled was silent; ${watch.wrong.length} answers were wrong`)
  }

  private async hurryUntil(isOver: AbortSignal): Promise<void> {
    while (!isOver.aborted) {
      await hurry(this.tenants, this.random).catch(() => {}) // the database fell over
      await wait(HURRY_MS, undefined, { signal: isOver }).catch(() => {}) // woken to end
    }
  }

  private async settle(): Promise<void> {
    await Promise.all(this.writers().map((writer) => writer.stop()))
    const changes = this.writers().flatMap((writer) => writer.ledgers).reduce((sum, ledger) => sum + ledger.changes, 0)
    this.say(`the sources rest after ${changes} transactions; every table is synced once more`)
    const left = await syncAllOnceMore(this.servers.databaseUrl, this.tenants, SETTLE_MS, this.signal, (words) => this.say(words))
    for (const words of left.slice(0, 20)) this.say(`  NOT SYNCED ${words}`)
    this.bar(!left.length && changes > 0, `all but ${left.length} tables were synced again once it was quiet`)
    await this.runs.stop()
    const { mostOfSource, mostOfWorkspace, longestOrphanedSeconds, mostConnections } = this.runs
    const { perSource, perWorkspace } = limits.places
    this.bar(mostOfSource <= perSource && mostOfWorkspace <= perWorkspace, `at most ${mostOfSource} runs of a source at once (${perSource} allowed), ${mostOfWorkspace} of a workspace (${perWorkspace})`)
    this.say(`  a run whose lease had expired waited ${longestOrphanedSeconds.toFixed(1)} s at the longest until it was taken over; at most ${mostConnections} connections to the database`)
  }

  private async compare(): Promise<void> {
    const webs = this.ofKind('web')
    let asked = 0
    const ask: Ask = (tenant, sql) => (webs.length ? this.visitors.query(webs[asked++ % webs.length]!, tenant, sql) : queryHere(tenant, sql))
    const { equal, different } = await compareAll(this.tenants, ask, (words) => this.say(words))
    for (const words of different.slice(0, 20)) this.say(`  DIFFERENT ${words}`)
    this.bar(equal === this.settings.schemas, `${equal} of ${this.settings.schemas} tables are equal to their source, row for row`)
    const { failures, ...counts } = await tallyRuns(this.servers.databaseUrl)
    this.say(`  ${counts.versions} versions by ${counts.runs} runs: ${counts.completed} completed, ${counts.failed} failed, ${counts.again} attempts again, ${counts.takenOver} taken over from workers that had stopped answering`)
    for (const words of failures) this.say(`  ${words}`)
  }

  private async end(): Promise<void> {
    const ends = await Promise.all(this.parts.map(async (part) => ({ part, ...(await part.end('SIGTERM')) })))
    const disorderly = ends.filter(({ part, code }) => code !== (part.kind === 'worker' ? '0' : '143'))
    this.bar(!disorderly.length, `all ended in order when asked to, within ${(Math.max(...ends.map(({ ms }) => ms)) / 1_000).toFixed(1)} s${disorderly.map(({ part, code }) => `, but ${part.name} with ${code}`).join('')}`)
    const deaths = this.parts.flatMap((part) => part.deaths)
    this.bar(!deaths.length, `none ended by itself${deaths.map((words) => `, but ${words}`).join('')}`)
  }

  private async look(): Promise<void> {
    const { swept, orphans, missing, files } = await sweepAndLook()
    this.bar(!orphans.length && !missing.length, `the bucket has ${files} files after ${swept} were swept; ${orphans.length} that nothing names, ${missing.length} are missing`)
    const size = (name: string) => (this.parts.reduce((sum, part) => sum + bytesIn(path.join(part.data, name)), 0) / 1024 ** 2).toFixed(1)
    this.say(`  left on the machines: ${size('scratch')} MB of temporary files, ${size('cache')} MB of cache`)
  }
}

