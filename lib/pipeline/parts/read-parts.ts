import type { Batch, Bookmark, JoinedReader, ReadRequest, SourceSnapshot } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { ReadTotals } from '../batch-reader'
import { checkpointEveryMs } from '../checkpoint-pace'
import type { StagedFile, Stager } from '../stage'
import type { SyncJob } from '../types'
import { gauges } from './gauges'
import { asBookmark, type Parts } from './plan-parts'
import { PartsLeft, joined, type Stretch } from './parts-left'
import { Widening } from './widening'

export interface PartsRead {
  snapshot: SourceSnapshot
  request: ReadRequest
  stager: Stager
  /** Of what was read so far. */
  totals: ReadTotals
  /** Stages a batch, in the file of its lane. */
  take(batch: Batch, lane?: number): Promise<void>
  /** Saves how far the read has come; called once everything before it is staged. */
  keep(files: StagedFile[], progress: { bookmark: Bookmark } & ReadTotals): Promise<void>
  /** How many connections to its source this run may have now. */
  places(): Promise<number>
}

/** A connection that reads parts, and what came over it since its file was cut. */
interface Lane {
  number: number
  reader: JoinedReader | SourceSnapshot
  parts: Stretch[]
  rows: number
  bytes: number
  hasBegun: boolean
  isToEnd: boolean
}

/** The parts that are still to be read, from one moment of the source; gives over how many connections that went. */
export function readParts(job: SyncJob, parts: Parts, tools: PartsRead): Promise<number> {
  return new PartsReader(job, parts, tools).readAll()
}

/**
 * Reads part after part, over one connection or, where that is faster, over several. After parts, now and then, what was staged is made safe: a file never
 * holds rows of a part that counts as read and of one that does not. None of the connections that are added is needed: what cannot be read over one of them is read over the first.
 */
class PartsReader {
  private readonly left: PartsLeft
  private readonly widening = new Widening(limits.parallel, gauges)
  private readonly lanes = new Set<Lane>()
  /** The work of the connections that were added; never rejects. */
  private readonly others = new Set<Promise<void>>()
  private readonly joining = new AbortController()
  private readonly began = performance.now()
  private kept = performance.now()
  private isOver = false
  private lanesBegun = 0
  /** What is settled: read, and staged in files of its own. */
  private read: Stretch[]
  private readonly settled: ReadTotals
  private readonly filesBefore: number

  constructor(private readonly job: SyncJob, private readonly parts: Parts, private readonly tools: PartsRead) {
    this.read = parts.read
    this.left = new PartsLeft(parts.division.parts, parts.read, (job.parts ?? limits.parts).atOnce ?? 1)
    this.settled = { ...tools.totals }
    this.filesBefore = parts.moments.reduce((files, count) => files + count, 0)
  }

  async readAll(): Promise<number> {
    const { stager, snapshot } = this.tools
    const first = this.open(snapshot)
    for (let more = 1; more < (this.job.parts?.connections ?? 1); more++) this.add()
    try {
      // what another one could not read comes back when that ends
      while (this.left.count && !stager.failure) {
        await this.fill(first)
        this.joining.abort()
        await Promise.all(this.others)
      }
      return this.widening.connections
    } finally {
      this.isOver = true
      this.joining.abort()
      for (const { reader } of this.lanes) if (reader !== snapshot) await reader.close()
      await Promise.all(this.others)
    }
  }

  private open(reader: Lane['reader']): Lane {
    const lane = { number: ++this.lanesBegun, reader, parts: [], rows: 0, bytes: 0, hasBegun: false, isToEnd: false }
    this.lanes.add(lane)
    return lane
  }

  private async fill(lane: Lane): Promise<void> {
    const { stager, snapshot } = this.tools
    const { division } = this.parts
    const request = lane.reader === snapshot ? this.tools.request : { ...this.tools.request, batchBytes: limits.parallel.batchBytes }
    for (let next = this.left.take(this.lanes.size); next; next = this.left.take(this.lanes.size)) {
      lane.parts.push(next)
      let asked = performance.now()
      for await (const batch of lane.reader.read({ ...request, part: { division, number: next.from, count: next.to - next.from } })) {
        await this.take(lane, batch, performance.now() - asked)
        if (stager.failure) return
        asked = performance.now()
      }
      await this.afterParts(lane)
      if (lane.reader !== snapshot && (this.isOver || lane.isToEnd || (await this.tools.places()) < this.lanes.size)) return
    }
  }

  private async take(lane: Lane, batch: Batch, waitedMs: number): Promise<void> {
    const { length } = batch.kind === 'bytes' ? batch.bytes : []
    await this.tools.take(batch, lane.number)
    lane.rows += batch.kind === 'bytes' ? batch.rows : 0
    lane.bytes += length
    const { widening, lanes, job } = this
    if (length > limits.parallel.rowBytes) this.stopAdding()
    if (lane.number > 1 && !lane.hasBegun) widening.added(lanes.size)
    lane.hasBegun = true
    const before = widening.connections
    const advice = widening.onBatch(length, waitedMs, lanes.size)
    if (widening.connections > before) job.log('info', `Reading over ${formatQuantity(widening.connections, 'connection')}: that is faster`)
    if (advice === 'add') await this.addIfThereIsRoom()
    if (advice === 'drop') [...lanes].at(-1)!.isToEnd = true
  }

  /** Rows of megabytes came: several connections would need the room for some each. */
  private stopAdding(): void {
    this.widening.stop()
    for (const lane of this.lanes) lane.isToEnd = true
  }

  private async afterParts(lane: Lane): Promise<void> {
    const now = performance.now()
    const isLast = !this.left.count && [...this.lanes].every((each) => each === lane || !each.parts.length)
    // after the last part there is only the commit, unless it must be compared first, which may fail
    const keeps = isLast ? this.parts.moments.length > 0 : now - this.kept >= checkpointEveryMs(this.job.checkpointSeconds ?? limits.checkpointSeconds, now - this.began)
    if (!keeps && this.lanes.size === 1) return
    const { stager } = this.tools
    await stager.hand(lane.number)
    const { number, parts, rows, bytes } = lane
    Object.assign(lane, { parts: [], rows: 0, bytes: 0 })
    if (keeps) this.kept = now
    stager.afterwards(() => this.settle(number, { parts, rows, bytes }, keeps))
  }

  private async settle(lane: number, { parts, rows, bytes }: Pick<Lane, 'parts' | 'rows' | 'bytes'>, keeps: boolean): Promise<void> {
    const { stager, keep } = this.tools
    stager.settle(lane)
    this.read = joined([...this.read, ...parts])
    this.settled.rows += rows
    this.settled.bytes += bytes
    if (!keeps) return
    const files = stager.files.filter((file) => file.lane === undefined)
    const { division, moments } = this.parts
    await keep(files, { bookmark: asBookmark({ division, read: this.read, moments: [...moments, files.length - this.filesBefore] }), ...this.settled })
  }

  private async addIfThereIsRoom(): Promise<void> {
    const readers = this.lanes.size
    // each should have something to do for a while
    const isWorthIt = this.left.count > readers * 2 && (await this.tools.places()) > readers
    if (isWorthIt) this.add()
    else this.widening.postpone()
  }

  private add(): void {
    if (this.tools.snapshot.join) this.others.add(this.readBeside())
    else this.widening.stop()
  }

  /** One connection more, until there is nothing left for it. */
  private async readBeside(): Promise<void> {
    const { snapshot } = this.tools
    let lane: Lane | undefined
    try {
      const reader = await snapshot.join?.(AbortSignal.any([this.job.signal, this.joining.signal]))
      if (!reader) return
      lane = this.open(reader)
      if (!this.isOver) await this.fill(lane)
    } catch (error) {
      await this.giveBack(lane, error)
    } finally {
      if (lane) this.lanes.delete(lane)
      this.widening.ended()
      await (lane?.reader as JoinedReader | undefined)?.close()
    }
  }

  /** Over one connection less. What it has read of parts that are not at their end is forgotten. */
  private async giveBack(lane: Lane | undefined, error: unknown): Promise<void> {
    this.widening.stop()
    if (lane) {
      const { totals, stager } = this.tools
      await stager.drop(lane.number)
      totals.rows -= lane.rows
      totals.bytes -= lane.bytes
      this.left.giveBack(lane.parts)
    }
    if (this.isOver || this.joining.signal.aborted || this.job.signal.aborted || this.tools.stager.failure) return
    const why = error instanceof AppError ? [error.title, error.detail].filter(Boolean).join('. ') : String(error)
    this.job.log('info', `No more connections are tried for this read: ${why}`)
  }
}
