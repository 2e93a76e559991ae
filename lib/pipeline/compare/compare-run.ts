import { formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { findProof, saveProof } from '@/lib/db/proofs'
import { findSnapshot } from '@/lib/db/versions'
import type { Change } from '../change'
import type { Extract } from '../extract'
import type { Published } from '../publish'
import type { Clock } from '../report'
import type { ProofReport, SyncJob } from '../types'
import { compareVersion, isToCompare, reconcile, type Comparison } from './compare'
import { stateOf, type CompareTools } from './compared-table'

/** `enter`: tell that this step begins. */
type Tools = CompareTools & { clock: Clock; enter(): void }

/** Before the commit: what differs is mended in it, where that is wanted. */
export async function compareBefore(job: SyncJob, { plan, snapshot }: Extract, change: Change, tools: Tools): Promise<{ change: Change; comparison: Comparison | null }> {
  const isMended = job.compare?.mends === true && plan.mode === 'merge' && !change.replacesFormer
  if (!isMended || !isToCompare(job, snapshot, plan.former?.rows ?? 0) || (await isStillProven(job, !change.files.length && !change.deletes))) return { change, comparison: null }
  tools.enter()
  const compared = await tools.clock.measure('compare', () => reconcile({ job, plan, moment: snapshot, ...tools }, change))
  job.log('info', wordsOf(compared.comparison.report))
  return compared
}

/**
 * After the commit: what was compared before is written down with the version, or the version is compared now. The sync is done by then: whatever goes
 * wrong here is told, and changes nothing about it. Where there was none, since the run only compares, it fails.
 */
export async function compareAfter(job: SyncJob, { plan, snapshot }: Extract, published: Published, before: Comparison | null, tools: Tools): Promise<ProofReport | null> {
  try {
    const comparison = before ?? (isToCompare(job, snapshot, published.rows) && !(await isStillProven(job, !published.isChanged)) ? await tools.clock.measure('compare', () => compareNow()) : null)
    if (!comparison) return null
    const { report, shown } = comparison
    await saveProof({ workspaceId: job.workspaceId, schemaId: job.schemaId, runId: job.runId, fence: job.fence, version: published.version, ...report, shown })
    return report
  } catch (error) {
    if (plan.isCompareOnly && !before) throw error
    job.log('warn', `The table was not compared with its source: ${error instanceof Error ? error.message : String(error)}`)
    return before?.report ?? null
  }

  async function compareNow(): Promise<Comparison | null> {
    tools.enter()
    const version = await findSnapshot(job.workspaceId, job.schemaId, published.version)
    if (!version || !snapshot) return null
    const comparison = await compareVersion({ job, plan, moment: snapshot, state: await stateOf(version, tools.scratch), ...tools })
    job.log(comparison.report.outcome === 'differs' ? 'warn' : 'info', wordsOf(comparison.report))
    return comparison
  }
}

/** A sync that finds nothing new is quick, and stays so: what was proven lately is not compared again, unless it is time or somebody asked for it. */
async function isStillProven({ workspaceId, schemaId, compare }: SyncJob, isUnchanged: boolean): Promise<boolean> {
  if (!isUnchanged || compare?.isDue) return false
  const proof = await findProof(workspaceId, schemaId)
  return proof !== null && proof.outcome === 'verified' && !proof.isPast && Date.now() - proof.at.getTime() < limits.compare.provenHours * 3_600_000
}

function wordsOf({ outcome, rows, ranges, rangesRead, reconciled, seconds }: ProofReport): string {
  if (outcome === 'failed') return 'The comparison with the source came to no end'
  const compared = `${formatQuantity(rows, 'row')} in ${formatQuantity(ranges, 'range')} compared with the source in ${seconds} s`
  if (outcome === 'differs') return `${compared}: they differ`
  return reconciled ? `${compared}; of ${formatQuantity(rangesRead, 'range')} that differed ${formatQuantity(reconciled.deleted, 'row')} deleted and ${formatQuantity(reconciled.fetched, 'row')} fetched` : `${compared}: all are the same`
}
