import { z } from 'zod'
import { prisma } from '@/lib/db/client'
import { findRun, listActiveRuns } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { setEnv } from '@/lib/core/env'
import { lookAtEnd } from './aftermath'
import type { Bystander } from './bystander'
import { isSync, type History, type Round, type Trouble, type Verb } from './generate'
import { Troublemaker, type Happened } from './make-trouble'
import type { Work } from './orders'
import { pointWords } from './points'
import { setLimits } from './rig-limits'
import type { Room } from './room'
import type { Table } from './source-model'
import { Difference, Subject, type Run } from './subject'
import { isSame, sizeWords, type Expected } from './table-model'
import type { Left, Outcome } from './tally'

const Compared = z.object({ proof: z.object({ outcome: z.string() }).optional() })

/** One history from its first row to the last look. */
export class HistoryRun {
  private readonly outcome: Outcome
  private readonly random: () => number
  private subject!: Subject
  private maker!: Troublemaker
  private isGone = false

  constructor(private readonly room: Room, private readonly bystander: Bystander, private readonly history: History) {
    this.outcome = { seed: history.seed, steps: [], troubles: [], resumed: 0, differences: [], seconds: 0 }
    let state = history.seed
    this.random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  }

  async run(): Promise<Outcome> {
    const beganMs = performance.now()
    try {
      setEnv({ TRIBUTARY_DATA: this.room.disks.data(this.history.disks) })
      setLimits(this.history.settings)
      this.subject = await Subject.make(this.room, this.history)
      this.maker = new Troublemaker(this.room, this.history, this.subject.schemaId)
      this.say(`${JSON.stringify(this.history.settings)}, key ${this.history.key}, ${this.history.rows} rows, ${this.history.disks} disk(s)`)
      for (const [number, round] of this.history.rounds.entries()) if (!this.isGone) await this.round(round, number + 1)
      await this.settle()
    } catch (error) {
      const words = error instanceof Difference ? error.message : `the rig could not go on: ${error instanceof Error ? error.stack : JSON.stringify(error)}`
      this.say(`DIFFERENT: ${words}`)
      this.outcome.differences.push(words)
    }
    await this.clean()
    return { ...this.outcome, seconds: (performance.now() - beganMs) / 1_000 }
  }

  /** What has happened until now. */
  get steps(): string[] {
    return this.outcome.steps
  }

  private say(words: string): void {
    this.outcome.steps.push(words)
  }

  private async round(round: Round, number: number): Promise<void> {
    const { source } = this.subject
    if (source.model.hasLate) {
      await source.commitLate()
      this.say(`${number}. a transaction that was open is committed`)
    }
    for (const kind of round.changes) {
      const change = source.model.change(kind)
      await source.apply(change)
      this.say(`${number}. at the source: ${kind}, ${change.deleted.length} rows gone, ${change.written.length} written`)
    }
    const verb = this.possible(round.verb)
    const { trouble } = round
    this.say(`${number}. ${verb}: ${troubleWords(trouble)}`)
    if (isSync(verb)) await this.sync(verb, trouble, `round ${number}, ${verb}, ${trouble.kind}`)
    else await this.act(verb, trouble, `round ${number}, ${verb}, ${trouble.kind}`)
    await this.recover()
    if (round.isMended && !this.isGone) await this.mend(`round ${number}, the calm sync afterwards`)
  }

  /** A verb for which there is nothing becomes a sync. */
  private possible(verb: Verb): Verb {
    const { held, table, versions, version } = this.subject
    if ((verb === 'publish' || verb === 'discard') && !held) return 'sync'
    if (verb === 'roll back' && ![...versions.keys()].some((number) => version !== null && number < version)) return 'sync'
    if (verb === 'repair' && !table) return 'sync'
    return verb
  }

  private async sync(verb: Verb, trouble: Trouble, what: string): Promise<void> {
    const { subject } = this
    const run = await subject.startRun({ isFull: verb === 'full sync', isRepair: verb === 'repair' })
    const before = { table: subject.table, version: subject.version }
    const expected = subject.expectRun(run)
    const happened = await this.maker.make({ verb: 'sync', runId: run.runId }, trouble)
    this.say(`   it ${endedWords(happened)}`)
    const isDone = isCompleted(happened.ended) || isCompleted(happened.second)
    await this.lookAfterSync(run, expected, isDone, what)
    await this.lookAtErrors(run, happened, trouble, what)
    if (happened.thaw) await this.thaw(happened.thaw, what)
    if (happened.thawSecond) await this.thawSecond(happened.thawSecond, run, expected, what)
    this.note(trouble, happened.isReached, subject.version !== before.version ? 'new version' : subject.held && (await subject.heldRun()) === run.runId ? 'waits' : 'old version')
  }

  private async lookAfterSync(run: Run, { next, waits }: Expected, isDone: boolean, what: string): Promise<void> {
    const { subject } = this
    // a repair that was cut off has failed
    if (isDone && !run.isRepair && Compared.safeParse((await findRun(subject.workspaceId, run.runId))?.report).data?.proof?.outcome === 'failed') return this.lookUncompared(run, what)
    const before = subject.table
    const allowed = waits ? [before] : isDone ? [next] : [before, next]
    const formerHeld = subject.held
    await subject.look(allowed, what)
    const heldRun = await subject.heldRun()
    if (waits && isDone && heldRun !== run.runId) throw new Difference(`${what}: the version should wait for somebody, and ${heldRun ? 'another one does' : 'none does'}`)
    if (!waits && heldRun === run.runId) throw new Difference(`${what}: the version waits for somebody, and should not`)
    subject.held = heldRun === null ? null : heldRun === run.runId ? next : formerHeld
    if (heldRun !== null && subject.held === null) throw new Difference(`${what}: a version waits that nobody knows of`)
  }

  /** A comparison that was cut off is told, and leaves what the sync alone brought: the next one mends it. What that holds by itself is not this model's to say. */
  private async lookUncompared({ runId }: Run, what: string): Promise<void> {
    const { subject, maker } = this
    await subject.lookBetween(what)
    this.say('   it was not compared with its source to the end')
    if ((await subject.heldRun()) !== runId) return
    await maker.here({ verb: 'discard', workspaceId: subject.workspaceId, schemaId: subject.schemaId })
    subject.held = null
  }

  /** Whoever was frozen past its lease goes on: it must not publish anything. */
  private async thaw(thaw: () => Promise<Happened['ended']>, what: string): Promise<void> {
    const { subject } = this
    const { version, table } = subject
    const ended = await thaw()
    this.say(`   thawed, it ${endedWords({ ended, isReached: true })}`)
    await subject.look([table], `${what}, thawed`)
    if (subject.version !== version) throw new Difference(`${what}: thawed after another worker took over, it made version ${subject.version} after ${version}`)
  }

  /** It holds the run, so that it comes to its end. */
  private async thawSecond(thaw: () => Promise<Happened['ended']>, run: Run, expected: Expected, what: string): Promise<void> {
    const ended = await thaw()
    this.say(`   thawed too, the one that took over ${endedWords({ ended, isReached: true })}`)
    if (!isCompleted(ended)) throw new Difference(`${what}: the one that took over ${endedWords({ ended, isReached: true })}`)
    await this.lookAfterSync(run, expected, true, what)
  }

  /** What a person is told of it: words of what happened, and not that something nobody thought of did. */
  private async lookAtErrors(run: Run, { ended, isReached }: Happened, trouble: Trouble, what: string): Promise<void> {
    if (trouble.kind === 'none' && !isCompleted(ended)) throw new Difference(`${what}: without any trouble it ${endedWords({ ended, isReached })}`)
    if (trouble.kind === 'swept beside' && !isCompleted(ended)) throw new Difference(`${what}: beside a sweep it ${endedWords({ ended, isReached })}: ${(await findRun(this.subject.workspaceId, run.runId))?.error?.detail}`)
    if ((trouble.kind !== 'source cut' && trouble.kind !== 'disk full') || isCompleted(ended)) return
    const { error } = (await findRun(this.subject.workspaceId, run.runId)) ?? {}
    this.say(`   its error: ${error?.code}: ${error?.title}. ${error?.detail ?? ''}`)
    if (!error || error.code === 'internal') throw new Difference(`${what}: the run says ${error ? `${error.title} (${error.detail})` : 'nothing'}`)
    if (trouble.kind === 'disk full' && error.code !== 'storage_full') throw new Difference(`${what}: the disk was full, and the run says ${error.title} (${error.code})`)
  }

  private async act(verb: Verb, trouble: Trouble, what: string): Promise<void> {
    const { subject } = this
    const { table, version } = subject
    const { work, next } = this.workOf(verb)
    const happened = await this.maker.make(work, trouble)
    const { ended } = happened
    this.say(`   it ${endedWords(happened)}`)
    if (verb === 'delete source' && !(await findSchema(subject.workspaceId, subject.schemaId))) {
      this.isGone = true
      this.note(trouble, happened.isReached, 'new version')
      return
    }
    if (ended.is === 'failed' && trouble.kind !== 'database killed') throw new Difference(`${what}: it was refused: ${ended.failure.title}. ${ended.failure.detail ?? ''}`)
    if (ended.is === 'done' && verb === 'delete source') throw new Difference(`${what}: it said that it was done, and the source is still there`)
    await subject.look(ended.is === 'done' ? [next] : [table, next], what)
    if ((await subject.heldRun()) === null) subject.held = null
    else if (ended.is === 'done' && (verb === 'publish' || verb === 'discard')) throw new Difference(`${what}: it was done, and the version still waits`)
    this.note(trouble, happened.isReached, subject.version !== version ? 'new version' : 'old version')
  }

  private workOf(verb: Verb): { work: Work; next: Table | null } {
    const { workspaceId, schemaId, sourceId, table, held, versions, version } = this.subject
    switch (verb) {
      case 'roll back': {
        const older = [...versions].filter(([number]) => version !== null && number < version)
        const [to, next] = older[Math.floor(this.random() * older.length)]! // `possible` has seen to it that there is one
        this.say(`   to version ${to}`)
        return { work: { verb, workspaceId, schemaId, to, from: version ?? 0 }, next }
      }
      case 'publish':
        return { work: { verb, workspaceId, schemaId }, next: held }
      case 'delete data':
        return { work: { verb, workspaceId, schemaId }, next: null }
      case 'delete source':
        return { work: { verb, workspaceId, sourceId }, next: null }
      case 'discard':
      case 'change settings':
        return { work: { verb, workspaceId, schemaId }, next: table }
      default:
        return { work: { verb: 'sweep' }, next: table }
    }
  }

  private note(trouble: Trouble, isReached: boolean, left: Left): void {
    this.outcome.troubles.push({ kind: trouble.kind, isReached, left })
    this.say(`   it left: ${left}, ${sizeWords(this.subject.table)}`)
  }

  /** By the product's own means: a lease that has run out, and whoever looks for those. */
  private async recover(): Promise<void> {
    await this.maker.expire()
    const running = (await listActiveRuns(this.subject.workspaceId, [this.subject.schemaId])).filter((run) => run.status === 'running')
    if (running.length) throw new Difference(`after its lease the run ${running[0]?.id} is still on`)
  }

  /** A sync without any trouble: afterwards the table holds exactly what its method says. */
  private async mend(what: string): Promise<void> {
    const { subject } = this
    const run = await subject.startRun()
    const expected = subject.expectRun(run)
    const ended = await this.maker.here({ verb: 'sync', runId: run.runId })
    const row = await findRun(subject.workspaceId, run.runId)
    if (!isCompleted(ended)) throw new Difference(`${what} ${endedWords({ ended, isReached: true })}: ${row?.error?.title}. ${row?.error?.detail ?? ''}`)
    await this.lookAfterSync(run, expected, true, what)
    if (JSON.stringify(row?.report ?? {}).includes('"Resumed after ')) this.outcome.resumed++
    this.say(`   calm: ${sizeWords(subject.table)}, version ${subject.version}${subject.held ? ', one waits' : ''}`)
  }

  private async settle(): Promise<void> {
    const { subject } = this
    const { source } = subject
    if (source.model.hasLate) await source.commitLate()
    if (!isSame(await source.rows(), source.model.table())) throw new Error('The model of the source is not what the source holds')
    if (!this.isGone) {
      await this.mend('the calm sync at the end')
      if (subject.held) await this.act('publish', { kind: 'none' }, 'at the end')
      const { method } = this.history.settings
      if (method !== 'incremental') await subject.look([source.model.table()], 'at the end, against the source')
      await this.again()
    }
    for (const words of await lookAtEnd(this.room, subject, this.isGone)) throw new Difference(words)
    for (const words of await this.bystander.look()) throw new Difference(words)
    setEnv({ TRIBUTARY_DATA: this.room.disks.data(this.history.disks) })
  }

  /** A sync run twice changes nothing. */
  private async again(): Promise<void> {
    const { subject, history } = this
    if (history.seed % 4) return
    const { version } = subject
    await this.mend('the second sync at the end')
    if (history.settings.method !== 'full' && subject.version !== version) throw new Difference(`a second sync made version ${subject.version} of ${version}, and nothing had changed`)
  }

  /** Nothing of it may be in the way of the next one, whatever came of it. */
  private async clean(): Promise<void> {
    try {
      if (!this.subject) return
      await this.subject.source.drop()
      if (this.isGone) return
      if (this.outcome.differences.length) await prisma().syncRun.updateMany({ where: { schemaId: this.subject.schemaId, status: { in: ['queued', 'running'] } }, data: { status: 'cancelled' } })
      const ended = await this.maker.here({ verb: 'delete source', workspaceId: this.subject.workspaceId, sourceId: this.subject.sourceId })
      if (ended.is === 'failed') this.outcome.differences.push(`its source could not be deleted at the end: ${ended.failure.title}. ${ended.failure.detail ?? ''}`)
    } catch (error) {
      this.outcome.differences.push(`the rig could not tidy up: ${String(error)}`)
    }
  }
}

function isCompleted(ended: Happened['ended'] | undefined): boolean {
  return ended?.is === 'done' && ended.result === 'completed'
}

function endedWords({ ended, second }: Happened): string {
  const words = ended.is === 'done' ? `ended with ${ended.result}` : ended.is === 'failed' ? `failed: ${ended.failure.title}` : ended.is === 'died' ? 'died' : 'stands still'
  return second ? `${words}; the other one ${endedWords({ ended: second, isReached: true })}` : words
}

function troubleWords(trouble: Trouble): string {
  const point = 'point' in trouble && trouble.point ? ` ${pointWords(trouble.point)}` : ''
  const amount = 'afterBytes' in trouble ? ` after ${trouble.afterBytes} bytes of rows` : 'freeBytes' in trouble ? ` (${trouble.disk}, ${trouble.freeBytes} bytes left)` : 'afterMs' in trouble ? ` after ${trouble.afterMs} ms` : ''
  return `${trouble.kind}${point}${amount}`
}
