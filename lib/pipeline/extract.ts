import { limits } from '@/lib/core/limits'
import { throwIfAborted, type Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import { ValuesDoNotFit, type StageFormat } from '@/lib/warehouse/stage-file'
import { makePlan, type SyncPlan } from './plan'
import type { Demotions } from './plan-columns'
import { Stager, requestColumns, type StagedFile } from './stage'
import type { SyncJob } from './types'

export interface Extract {
  /** The plan that was read by: another one than given when a column had to become text. */
  plan: SyncPlan
  files: StagedFile[]
  rows: number
  bytes: number
}

/**
 * Step 2. Pulls every batch of one snapshot of the source into staged files. Promises all rows or an error; a column with
 * values that do not fit its type is read again as text, with everything else, from a new snapshot. Dying here leaves
 * files in the scratch folder alone, and the source is freed.
 */
export async function extract(job: SyncJob, plan: SyncPlan, engine: Engine, scratch: Scratch): Promise<Extract> {
  const demotions = new Map<string, { type: string; note: string }>()
  for (let current = plan; ; ) {
    try {
      return await readOnce(job, current, engine, scratch)
    } catch (error) {
      if (!(error instanceof ValuesDoNotFit)) throw error
      remember(demotions, error, job)
      current = replan(job, current, demotions)
    }
  }
}

function remember(demotions: Map<string, { type: string; note: string }>, { misfits }: ValuesDoNotFit, job: SyncJob): void {
  for (const { column, type, example } of misfits) {
    const shown = example.length > 60 ? `${example.slice(0, 60)}…` : example
    const note = `Kept as text because ${JSON.stringify(shown)} is no ${type}`
    job.log('warn', `Column ${column.name}: ${note}. Everything is read again`)
    demotions.set(column.name, { type, note })
  }
}

/** The same plan with text columns. A former version has them with their old type, so that it cannot be continued. */
function replan(job: SyncJob, { former, greatestFieldId }: SyncPlan, demotions: Demotions): SyncPlan {
  return makePlan(job, former, greatestFieldId, demotions)
}

async function readOnce(job: SyncJob, plan: SyncPlan, engine: Engine, scratch: Scratch): Promise<Extract> {
  const failed = new AbortController()
  const signal = AbortSignal.any([job.signal, failed.signal])
  const format = formatOf(job, plan)
  const stager = new Stager(engine, scratch, format, (error) => failed.abort(error))
  let rows = 0
  let bytes = 0
  const report = () => job.onProgress({ step: 'extract', rowsRead: rows, bytesRead: bytes, rowsExpected: plan.since ? null : job.discovered.rowsEstimate })
  report()
  try {
    const request = { location: job.discovered.location, columns: requestColumns(format), batchBytes: limits.batchBytes, ...(plan.since ? { since: { column: plan.since.column, from: plan.since.from } } : {}) }
    for await (const batch of job.connector.read(job.config, request, signal)) {
      throwIfAborted(job.signal)
      if (batch.kind === 'rows') throw new Error('rows batches come with the next commit')
      rows += batch.rows
      bytes += batch.bytes.length
      await stager.add(batch).catch((error: unknown) => {
        failed.abort(error)
        throw error
      })
      report()
      if (stager.failure) break
    }
    await stager.finish()
    throwIfAborted(job.signal)
    return { plan, files: stager.files, rows, bytes }
  } catch (error) {
    // when reading was stopped from here, that is the cause and the source's error only the consequence
    throwIfAborted(job.signal)
    throw stager.failure ?? error
  } finally {
    failed.abort()
    await stager.stop()
  }
}

function formatOf(job: SyncJob, plan: SyncPlan): StageFormat {
  return { columns: plan.read, dropped: plan.columns.filter((column) => !column.isPresent), syncedAt: { column: plan.syncedAt, value: new Date().toISOString() }, runId: { column: plan.runId, value: job.runId } }
}
