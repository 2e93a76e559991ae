import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { toErrorView } from '@/lib/core/errors'
import { prisma } from '@/lib/db/client'
import { enqueueRuns } from '@/lib/jobs/enqueue'
import { sweepWarehouse } from '@/lib/syncs/sweep-warehouse'
import { takeOverDeadRuns } from '@/lib/syncs/take-over-dead-runs'
import { doWork } from './do-work'
import type { History, Trouble } from './generate'
import type { Ended, Hand } from './hands'
import type { Order, Work } from './orders'
import type { Room } from './room'

/** What an order came to. */
export interface Happened {
  ended: Ended
  /** Did the trouble come, or was the work over before it? */
  isReached: boolean
  /** Of a second process that did the same. */
  second?: Ended
  /** Of one that was frozen and went on afterwards: what became of it, once the second was done. */
  thaw?: () => Promise<Ended>
  /** Of the second one, when it stands still meanwhile. */
  thawSecond?: () => Promise<Ended>
}

const PATIENCE_MS = 120_000

type Of<K extends Trouble['kind']> = Extract<Trouble, { kind: K }>

/** Makes one trouble for one piece of work. */
export class Troublemaker {
  constructor(private readonly room: Room, private readonly history: History, private readonly schemaId: string) {}

  make(work: Work, trouble: Trouble): Promise<Happened> {
    switch (trouble.kind) {
      case 'none':
        return this.here(work).then((ended) => ({ ended, isReached: true }))
      case 'killed':
        return this.withHand((hand) => this.kill(hand, work, trouble))
      case 'killed by chance':
        return this.withHand((hand) => this.killByChance(hand, work, trouble))
      case 'frozen past its lease':
        return this.freeze(work, trouble)
      case 'swept beside':
        return this.withHand((hand) => this.sweepBeside(hand, work, trouble))
      case 'two workers':
        return this.withHand((first) => this.withHand((second) => this.both(first, second, work, trouble)))
      case 'source cut':
        return this.cut(work, trouble)
      case 'disk full':
        return this.fill(work, trouble)
      case 'database killed':
        return this.withHand((hand) => this.killDatabase(hand, work, trouble))
      case 'whole worker killed':
        return this.killWorker(work, trouble)
    }
  }

  /** In this process, to its end. */
  here(work: Work): Promise<Ended> {
    return doWork(work).then((result) => ({ is: 'done', result }), (error: unknown) => ({ is: 'failed', failure: toErrorView(error) }))
  }

  /** As if the lease had run out: whoever holds the run has not been heard of for as long. */
  async expire(): Promise<void> {
    await this.endLeases()
    await takeOverDeadRuns()
  }

  private async endLeases(): Promise<void> {
    await this.endSilentSessions()
    await prisma().$executeRaw`UPDATE "SyncRun" SET "leaseExpiresAt" = now() - interval '1 second' WHERE "schemaId" = ${this.schemaId}::uuid AND "status" = 'running'`
  }

  private async withHand<T>(work: (hand: Hand) => Promise<T>): Promise<T> {
    const hand = await this.room.hands.take()
    try {
      return await work(hand)
    } finally {
      this.room.hands.giveBack(hand)
    }
  }

  private order(work: Work, point: Order['point'], how: Order['how']): Order {
    return { work, point, how, data: this.room.disks.data(this.history.disks), databaseUrl: this.room.databaseUrl, limits: this.history.settings }
  }

  private async end(hand: Hand, how: Order['how']): Promise<Ended> {
    const ended = await hand.ended(PATIENCE_MS, how)
    if (ended) return ended
    await hand.kill()
    throw new Error(`After ${PATIENCE_MS / 1_000} s nothing was heard of the work`)
  }

  private async kill(hand: Hand, work: Work, { point }: Of<'killed'>): Promise<Happened> {
    hand.order(this.order(work, point, 'killed'))
    const ended = await this.end(hand, 'killed')
    return { ended, isReached: ended.is === 'died' }
  }

  private async killByChance(hand: Hand, work: Work, { afterMs }: Of<'killed by chance'>): Promise<Happened> {
    hand.order(this.order(work, null, 'killed'))
    const timer = setTimeout(() => hand.signal('SIGKILL'), afterMs)
    const ended = await this.end(hand, 'killed')
    clearTimeout(timer)
    // it may have been sent in the moment of the end
    if (ended.is !== 'died') await hand.kill()
    return { ended, isReached: ended.is === 'died' }
  }

  /** Another worker takes the run over, and ends it or is in the middle of it when the first goes on where it was. */
  private async freeze(work: Work, { point, also }: Of<'frozen past its lease'>): Promise<Happened> {
    const hand = await this.room.hands.take()
    hand.order(this.order(work, point, 'frozen'))
    const ended = await this.end(hand, 'frozen')
    if (ended.is !== 'stopped') {
      this.room.hands.giveBack(hand)
      return { ended, isReached: false }
    }
    await this.expire()
    const thaw = () => this.goOn(hand)
    if (!also) return { ended, isReached: true, second: await this.here(work), thaw }
    const other = await this.room.hands.take()
    other.order(this.order(work, also, 'frozen'))
    const second = await this.end(other, 'frozen')
    if (second.is === 'stopped') return { ended, isReached: true, second, thaw, thawSecond: () => this.goOn(other) }
    this.room.hands.giveBack(other)
    return { ended, isReached: true, second, thaw }
  }

  private async goOn(hand: Hand): Promise<Ended> {
    hand.signal('SIGCONT')
    try {
      return await this.end(hand, 'frozen')
    } finally {
      this.room.hands.giveBack(hand)
    }
  }

  /** While it stands still, another worker sweeps. */
  private async sweepBeside(hand: Hand, work: Work, { point }: Of<'swept beside'>): Promise<Happened> {
    hand.order(this.order(work, point, 'frozen'))
    const ended = await this.end(hand, 'frozen')
    if (ended.is !== 'stopped') return { ended, isReached: false }
    await sweepWarehouse()
    hand.signal('SIGCONT')
    return { ended: await this.end(hand, 'frozen'), isReached: true }
  }

  private async both(first: Hand, second: Hand, work: Work, { point }: Of<'two workers'>): Promise<Happened> {
    first.order(this.order(work, point, 'killed'))
    second.order(this.order(work, null, 'killed'))
    const [one, two] = await Promise.all([this.end(first, 'killed'), this.end(second, 'killed')])
    return { ended: one, second: two, isReached: true }
  }

  private async cut(work: Work, { afterBytes }: Of<'source cut'>): Promise<Happened> {
    this.room.relay.arm(afterBytes)
    const ended = await this.here(work)
    return { ended, isReached: this.room.relay.disarm() }
  }

  private async fill(work: Work, { disk, freeBytes }: Of<'disk full'>): Promise<Happened> {
    const { disks } = this.room
    if (!disks.canBeFull) return { ended: await this.here(work), isReached: false }
    disks.squeeze(this.history.disks, disk, freeBytes)
    const ended = await this.here(work).finally(() => disks.relax(this.history.disks, disk))
    return { ended, isReached: ended.is !== 'done' || ended.result !== 'completed' }
  }

  /** The database dies while the process stands still, and is back before that goes on. */
  private async killDatabase(hand: Hand, work: Work, { point }: Of<'database killed'>): Promise<Happened> {
    hand.order(this.order(work, point, 'frozen'))
    const ended = await this.end(hand, 'frozen')
    if (ended.is !== 'stopped') return { ended, isReached: false }
    this.room.killDatabase()
    await this.room.startDatabase()
    hand.signal('SIGCONT')
    return { ended: await this.end(hand, 'frozen'), isReached: true }
  }

  /** The run comes through the queue, and comes back by whoever looks for dead workers. */
  private async killWorker(work: Work, { afterMs }: Of<'whole worker killed'>): Promise<Happened> {
    if (work.verb !== 'sync') throw new Error('a worker has no other work')
    const worker = this.startWorker()
    await enqueueRuns([work.runId])
    await this.statusOf(work.runId, (status) => status !== 'queued')
    await wait(afterMs)
    await endWorker(worker, 'SIGKILL')
    const status = await this.statusOf(work.runId, () => true)
    if (status !== 'running') return { ended: { is: 'done', result: status }, isReached: false }
    const thawSecond = async (): Promise<Ended> => {
      const another = this.startWorker()
      await this.endLeases()
      const result = await this.statusOf(work.runId, (now) => !['queued', 'running'].includes(now))
      const code = await endWorker(another, 'SIGTERM')
      return code === '0' ? { is: 'done', result } : { is: 'failed', failure: { code: 'internal', title: `the worker ended with ${code}` } }
    }
    return { ended: { is: 'died' }, isReached: true, thawSecond }
  }

  private startWorker(): ChildProcess {
    const [program = '', ...args] = this.room.command
    return spawn(program, [...args, 'worker', JSON.stringify(this.history.settings)], { stdio: 'ignore' })
  }

  private async statusOf(runId: string, isEnough: (status: string) => boolean): Promise<string> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await wait(10)) {
      const { status } = await prisma().syncRun.findUniqueOrThrow({ where: { id: runId }, select: { status: true } })
      if (isEnough(status)) return status
      if (Date.now() > deadline) throw new Error(`After ${PATIENCE_MS / 1_000} s the run is still ${status}`)
    }
  }

  /** What the server does by itself to a session in whose transaction nothing happens for long (limits.database.idleSeconds). */
  private async endSilentSessions(): Promise<void> {
    const client = new pg.Client({ connectionString: this.room.databaseUrl })
    await client.connect()
    try {
      const silent = `FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'`
      const { rowCount } = await client.query(`SELECT pg_terminate_backend(pid) ${silent}`)
      if (!rowCount) return
      for (let tries = 0; tries < 100 && (await client.query(`SELECT 1 ${silent}`)).rowCount; tries++) await wait(10)
    } finally {
      await client.end()
    }
  }
}

async function endWorker(worker: ChildProcess, signal: NodeJS.Signals): Promise<string> {
  const exit = once(worker, 'exit')
  worker.kill(signal)
  const [code, by] = (await exit) as [number | null, NodeJS.Signals | null] // as Node documents the event
  return String(by ?? code)
}
