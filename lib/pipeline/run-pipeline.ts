import type { SourceSnapshot } from '@/lib/connectors/contract'
import { openEngine, throwIfAborted } from '@/lib/warehouse/duckdb'
import { makeScratch } from '@/lib/warehouse/scratch'
import { lookAtChange } from './brake'
import { Checkpoints } from './checkpoint'
import { compareAfter, compareBefore } from './compare/compare-run'
import { compactIfItPays } from './compact'
import { extract } from './extract'
import { mergeRows } from './merge'
import { planSync, type SyncPlan } from './plan'
import { publish } from './publish'
import { filePutter } from './put-files'
import { Clock, makeReport } from './report'
import type { Step, SyncJob, SyncReport } from './types'
import { widenIfThatDoes } from './widen-table'

/**
 * Sync one schema: the data's way from the source to a committed version. Promises the former version or the new one, or that the new one
 * waits for somebody to decide, whatever happens; throws AppError and leaves the former version when it cannot finish.
 */
export async function runPipeline(job: SyncJob): Promise<SyncReport> {
  const clock = new Clock()
  const enter = (step: Step) => {
    throwIfAborted(job.signal)
    if (step !== 'extract') job.onProgress({ step, ...read, rowsExpected: null })
  }
  const read = { rowsRead: 0, bytesRead: 0 }

  enter('plan')
  const planned = await clock.measure('plan', () => planSync(job))

  const [engine, scratch] = await Promise.all([openEngine(job.signal), makeScratch(job.runId, job.signal)])
  const put = filePutter(job)
  const checkpoints = new Checkpoints(job, put, scratch)
  let snapshot: SourceSnapshot | null = null
  try {
    const plan = await widenIfThatDoes(job, planned, { engine, scratch, put, clock })
    job.log('info', readingWords(plan))
    const extracted = await clock.measure('extract', () => extract(job, plan, { engine, scratch, checkpoints }))
    snapshot = extracted.snapshot
    Object.assign(read, { rowsRead: extracted.rows, bytesRead: extracted.bytes })
    enter('merge')
    const merged = await clock.measure('merge', () => mergeRows(extracted, engine, scratch))
    const comparing = { engine, scratch, clock, enter: () => enter('compare') }
    const { change, comparison } = await compareBefore(job, extracted, merged, comparing)
    enter('publish')
    const published = await clock.measure('publish', async () => {
      const hold = await lookAtChange(job, extracted.plan, change, engine, scratch)
      return publish(job, extracted.plan, { ...change, hold }, put, checkpoints.isKept)
    })
    // the table that stays is meant to differ from its source
    const proof = published.held ? null : await compareAfter(job, extracted, published, comparison, comparing)
    await snapshot?.close()
    const compacted = await clock.measure('compact', () => compactIfItPays(job, published, engine, scratch, put))
    return makeReport(job, extracted, change, compacted, clock, { proof, before: planned.former?.columns ?? null })
  } finally {
    await snapshot?.close()
    await engine.close()
    await scratch.remove()
  }
}

function readingWords({ since, tracked, fullReason, isCompareOnly }: SyncPlan): string {
  if (isCompareOnly) return 'Reading only what differs'
  if (tracked?.read === 'changes') return 'Reading what changed'
  return since ? `Reading rows from ${since.column} = ${since.from}` : `Reading every row${fullReason ? `: ${fullReason}` : ''}`
}
