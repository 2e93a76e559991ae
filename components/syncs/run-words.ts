import { formatCount } from '@/lib/core/format'
import type { StatusTone } from '@/components/ui/status-badge'
import type { RunStatus, RunView } from '@/lib/syncs/schema'

export const runTones: Record<RunStatus, StatusTone> = { queued: 'waiting', running: 'running', completed: 'fine', failed: 'broken', cancelled: 'paused' }
export const runLabels: Record<RunStatus, string> = { queued: 'Queued', running: 'Running', completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' }
/** How a run ended, in a word: one whose version waits for a decision is not done, and one that found its table different from the source is not fine. */
export function runTone(run: Pick<RunView, 'status' | 'isHeld' | 'report'>): StatusTone {
  if (run.isHeld) return 'waiting'
  if (foundDifference(run)) return 'broken'
  const isDropped = run.status === 'completed' && run.report?.held !== undefined && run.report.held.decision !== 'published'
  return isDropped ? 'paused' : runTones[run.status]
}

/** Did it end with its table different from the source? */
export function foundDifference({ status, report }: Pick<RunView, 'status' | 'report'>): boolean {
  return status === 'completed' && report?.proof?.outcome === 'differs'
}

export function runLabel(run: Pick<RunView, 'status' | 'isHeld' | 'report'>): string {
  if (run.isHeld) return 'Waiting for you'
  const held = run.status === 'completed' ? run.report?.held : undefined
  if (!held) return foundDifference(run) ? 'Differs from the source' : runLabels[run.status]
  return held.decision === 'published' ? 'Published' : held.decision === 'discarded' ? 'Discarded' : 'Overtaken'
}

export const triggerLabels: Record<RunView['trigger'], string> = { manual: 'By hand', schedule: 'Schedule', 'command-line': 'Command line' }

export const stepNames = ['plan', 'extract', 'merge', 'compare', 'publish', 'compact'] as const
export const stepLabels: Record<(typeof stepNames)[number], string> = { plan: 'Plan', extract: 'Extract', merge: 'Merge', compare: 'Compare', publish: 'Publish', compact: 'Compact' }

const doing: Record<string, string> = { plan: 'planning', extract: 'extracting', merge: 'merging', compare: 'comparing with the source', publish: 'publishing', compact: 'compacting' }

/** What an active run does now: "extracting", "waiting for its turn", "cancelling". */
export function activity(run: RunView): string {
  if (run.isCancelRequested) return 'cancelling'
  if (run.status === 'queued') return run.attempt > 0 ? 'waiting to try again' : 'waiting for its turn'
  return doing[run.step ?? ''] ?? 'starting'
}

export function isActive(run: Pick<RunView, 'status'>): boolean {
  return run.status === 'queued' || run.status === 'running'
}

/** Rows read of rows expected, 0 to 1; null while the whole is not known. */
export function runProgress(run: RunView): number | null {
  if (run.status === 'queued') return 0
  if (!run.rowsExpected) return null
  return Math.min(0.99, run.rowsRead / run.rowsExpected)
}

/** "about 12,400 left"; null while that is not known, and once what was expected has been read. */
export function leftWords(run: Pick<RunView, 'rowsRead' | 'rowsExpected'>): string | null {
  const left = (run.rowsExpected ?? 0) - run.rowsRead
  return left > 0 ? `about ${formatCount(left)} left` : null
}

/** How fast a source lets us read, by its first run that tells: all runs of an account share one limit. */
export function paceOf(runs: RunView[]): string | null {
  return runs.find((run) => run.status === 'running' && run.pace !== null)?.pace ?? null
}

/** From its start to its end, or to now; null before it started. */
export function runDurationMs(run: Pick<RunView, 'startedAt' | 'finishedAt'>, now: number): number | null {
  if (!run.startedAt) return null
  return (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt)
}
