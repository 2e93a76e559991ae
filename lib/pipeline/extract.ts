import { ChangesLost } from '@/lib/connectors/changes-lost'
import type { Batch, ReadObserver, ReadRequest, SourceSnapshot } from '@/lib/connectors/contract'
import { limits } from '@/lib/core/limits'
import { countRunsOfSource } from '@/lib/db/runs-of-source'
import { throwIfAborted, type Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import { ValuesDoNotFit, type StageFormat } from '@/lib/warehouse/stage-file'
import type { Checkpoints, Resumed } from './checkpoint'
import { BytesReader, RowsReader, type BatchReader, type ReadTotals, type TrackedRead } from './batch-reader'
import { keyCursorOf, whereToBegin } from './latecomers'
import { makePlan, type SyncPlan } from './plan'
import type { Demotions, Warning } from './plan-columns'
import type { Change } from './change'
import { joinMoments } from './parts/join-moments'
import { BeginAnew, mayBeInParts, planParts } from './parts/plan-parts'
import { readParts, type PartsRead } from './parts/read-parts'
import { Stager, requestColumns, type StagedFile } from './stage'
import { formatOf } from './stage-format'
import type { SyncJob } from './types'

export interface Extract extends ReadTotals {
  /** The plan that was read by: another one than given when a column had to become text, or when the changes were lost. */
  plan: SyncPlan
  files: StagedFile[]
  /** Rows of those files that are none of the table; only after a load that went on from an interrupted one. */
  deletes: Change['deletes']
  /** What only a connector that tracks changes tells; null for one that gives bytes. */
  tracked: TrackedRead | null
  warnings: Warning[]
  /** Over how many connections it was read. */
  connections: number
  /** The moment that was read, still open for whoever asks on; to be closed in any case. Null where the source has no such thing. */
  snapshot: SourceSnapshot | null
}

/** What a read is done with. */
export interface Tools {
  engine: Engine
  scratch: Scratch
  checkpoints: Checkpoints
}

type Attempt = Pick<Extract, 'plan'> & { demotions: Demotions; resumed: Resumed | null }

/**
 * Step 2. Pulls every batch of one snapshot of the source into staged files. Promises all rows or an error; a column with
 * values that do not fit its type is read again as text, with everything else, from a new snapshot; so is everything when the source
 * cannot tell any more what changed. Dying here leaves files in the scratch folder, and what a checkpoint holds; the source is freed.
 */
export async function extract(job: SyncJob, planned: SyncPlan, tools: Tools): Promise<Extract> {
  const demotions = new Map<string, { type: string; note: string }>()
  let changesLost: string | null = null
  let attempt = await attemptOf(job, planned, demotions, tools.checkpoints)
  for (;;) {
    try {
      return await readOnce(job, attempt, tools)
    } catch (error) {
      if (error instanceof BeginAnew) {
        job.log('warn', `Everything is read from the beginning: ${error.reason}`)
        tools.checkpoints.forget()
        attempt = { ...attempt, resumed: null }
        continue
      }
      if (error instanceof ValuesDoNotFit) {
        for (const [name, demotion] of attempt.demotions) demotions.set(name, demotion)
        remember(demotions, error, job)
      } else if (error instanceof ChangesLost && attempt.plan.tracked?.read === 'changes') {
        changesLost = error.reason
        job.log('warn', `Everything is read: ${changesLost}`)
      } else throw error
      const plan = makePlan(job, attempt.plan, { demotions, changesLost })
      attempt = await attemptOf(job, plan, demotions, tools.checkpoints, changesLost)
    }
  }
}

/** Where an interrupted read of the same plan left off, if there is one; it knows better which columns had to become text. */
async function attemptOf(job: SyncJob, plan: SyncPlan, demotions: Demotions, checkpoints: Checkpoints, changesLost: string | null = null): Promise<Attempt> {
  const kept = plan.tracked || mayBeInParts(plan) ? await checkpoints.find() : null
  // who asks for a full resync wants nothing that was read before
  const isWanted = plan.tracked !== null || !job.isFull || kept?.runId === job.runId
  if (kept && isWanted) {
    const known = new Map([...Object.entries(kept.demotions), ...demotions])
    const same = known.size > demotions.size ? makePlan(job, plan, { demotions: known, changesLost }) : plan
    const resumed = await checkpoints.resume(same, kept)
    if (resumed) return { plan: same, demotions: known, resumed }
  }
  return { plan, demotions: new Map(demotions), resumed: null }
}

function remember(demotions: Map<string, { type: string; note: string }>, { misfits }: ValuesDoNotFit, job: SyncJob): void {
  for (const { column, type, example } of misfits) {
    const shown = example.length > 60 ? `${example.slice(0, 60)}…` : example
    const note = `Kept as text because ${JSON.stringify(shown)} is no ${type}`
    job.log('warn', `Column ${column.name}: ${note}. Everything is read again`)
    demotions.set(column.name, { type, note })
  }
}

async function readOnce(job: SyncJob, { plan, demotions, resumed }: Attempt, { engine, scratch, checkpoints }: Tools): Promise<Extract> {
  const failed = new AbortController()
  const signal = AbortSignal.any([job.signal, failed.signal])
  const format = formatOf(job, plan)
  const stager = new Stager(engine, scratch, format, (error) => failed.abort(error), resumed?.files)
  const reader: BatchReader = plan.tracked
    ? new RowsReader(stager, format, plan.tracked, { job, resumed, keep: (progress) => checkpoints.keep(plan, demotions, stager.files, progress) })
    : new BytesReader(stager, resumed)
  const observed = observe(job, plan, reader.totals)
  observed.report()
  let snapshot: SourceSnapshot | null = null
  try {
    snapshot = await openSnapshot(job, plan, signal)
    const request = requestOf(job, plan, format, resumed, observed.observer)
    const from = await beginning(job, plan, engine, snapshot)
    if (from !== null) request.since = from
    const parts = await planParts(job, plan, snapshot, resumed)
    const take: PartsRead['take'] = async (batch, lane) => {
      throwIfAborted(job.signal)
      await addBatch(reader, batch, failed, lane)
      observed.report()
    }
    const keep: PartsRead['keep'] = (files, progress) => checkpoints.keep(plan, demotions, files, { ...progress, removals: [], unknown: [] })
    let connections = 1
    if (snapshot && parts) connections = await readParts(job, parts, { snapshot, request, stager, totals: reader.totals, take, keep, places: () => placesFor(job) })
    else await readBatches(plan.isCompareOnly ? [] : (snapshot?.read(request) ?? job.connector.read(job.config, request, signal)), take, stager)
    await stager.finish()
    throwIfAborted(job.signal)
    const read = { plan, connections, files: stager.files, deletes: null, ...reader.totals, tracked: reader.finish(), warnings: observed.warnings(), snapshot }
    return snapshot && parts?.moments.length ? await asOneMoment(read, { job, plan, parts, snapshot, files: stager.files, engine, scratch }) : read
  } catch (error) {
    failed.abort()
    await snapshot?.close()
    // when reading was stopped from here, that is the cause and the source's error only the consequence
    throwIfAborted(job.signal)
    throw stager.failure ?? error
  } finally {
    await stager.stop()
  }
}

/** What an interrupted load had read before is brought to the moment of this one. */
async function asOneMoment(read: Extract, input: Parameters<typeof joinMoments>[0]): Promise<Extract> {
  input.job.onProgress({ step: 'compare', rowsRead: read.rows, bytesRead: read.bytes, rowsExpected: null })
  const { files, deletes, fetched, warning } = await joinMoments(input)
  input.job.log('info', warning.message)
  return { ...read, files, deletes, rows: read.rows + fetched, warnings: [...read.warnings, warning] }
}

/** All runs of a source together have no more connections than it is asked to bear. A database of ours that is away for a moment costs connections, not the read. */
async function placesFor(job: SyncJob): Promise<number> {
  const runs = await countRunsOfSource(job).catch(() => limits.places.perSource)
  return Math.max(1, Math.floor(limits.places.perSource / Math.max(1, runs)))
}

async function readBatches(batches: Iterable<Batch> | AsyncIterable<Batch>, take: (batch: Batch) => Promise<void>, stager: Stager): Promise<void> {
  for await (const batch of batches) {
    await take(batch)
    if (stager.failure) break
  }
}

async function addBatch(reader: BatchReader, batch: Batch, failed: AbortController, lane?: number): Promise<void> {
  await reader.add(batch, lane).catch((error: unknown) => {
    failed.abort(error)
    throw error
  })
}

/** A first read has no cursor yet from which it could read again, so that it wants to know how far down those may write who are open now. */
async function openSnapshot({ connector, config, discovered }: SyncJob, { incremental, since }: SyncPlan, signal: AbortSignal): Promise<SourceSnapshot | null> {
  const { sourceName, type } = incremental?.replication.column ?? {}
  return (await connector.openSnapshot?.(config, discovered.location, signal, sourceName && type && !since ? { column: sourceName, type } : undefined)) ?? null
}

async function beginning(job: SyncJob, { incremental, since, former }: SyncPlan, engine: Engine, snapshot: SourceSnapshot | null): Promise<ReadRequest['since'] | null> {
  const cursor = keyCursorOf(former)
  if (!incremental || !since || !cursor) return null
  const from = await whereToBegin(engine, incremental.replication, { cursor, lookBack: job.lookBack ?? null, snapshot })
  job.log('debug', from === null ? 'Transactions that were open at the first sync have ended: every row is read once more' : `The read begins at ${since.column} = ${from}`)
  return from === null ? null : { column: since.column, from }
}

function requestOf({ discovered }: SyncJob, { tracked }: SyncPlan, format: StageFormat, resumed: Resumed | null, observer: ReadObserver): ReadRequest {
  const request: ReadRequest = { location: discovered.location, columns: requestColumns(format), batchBytes: limits.batchBytes, observer }
  if (!tracked) return request
  const bookmark = resumed?.bookmark ?? tracked.from
  return { ...request, changes: { read: tracked.read, ...(bookmark ? { bookmark } : {}) } }
}

/** Tells the run how far the read is, and keeps what the source has to say for the report. */
function observe(job: SyncJob, plan: SyncPlan, totals: Readonly<ReadTotals>) {
  const before = totals.rows
  const messages = new Set<string>()
  const isWhole = plan.tracked ? plan.tracked.read === 'everything' : plan.since === null
  let told: Parameters<ReadObserver['progress']>[0] = { rowsExpected: isWhole ? job.discovered.rowsEstimate : null, pace: null }
  const report = () => job.onProgress({ step: 'extract', rowsRead: totals.rows, bytesRead: totals.bytes, ...told })
  const observer: ReadObserver = {
    log: (level, message) => job.log(level, message),
    progress(progress) {
      // what an interrupted read had before is part of this one
      told = { ...progress, rowsExpected: progress.rowsExpected === null ? null : progress.rowsExpected + before }
      report()
    },
    warn(message) {
      job.log('warn', message)
      messages.add(message)
    },
  }
  return { observer, report, warnings: (): Warning[] => [...messages].map((message) => ({ column: null, message })) }
}
