import type { SourceSnapshot } from '@/lib/connectors/contract'
import { compareKey } from '@/lib/connectors/compare-key'
import { AppError, toErrorView } from '@/lib/core/errors'
import { EVERY_KEY } from '@/lib/core/key-range'
import { limits } from '@/lib/core/limits'
import { divideRanges, summariseRanges } from '@/lib/warehouse/compare-ranges'
import { findDifferingRows, forgetDifferences, shownDifferences, type RowsInput, type ShownRow } from '@/lib/warehouse/differing-rows'
import { throwIfAborted } from '@/lib/warehouse/duckdb'
import { ValuesDoNotFit } from '@/lib/warehouse/stage-file'
import type { Change } from '../change'
import type { SyncPlan } from '../plan'
import type { ProofReport, SyncJob } from '../types'
import { comparedOf, stateAfter, type Compared, type CompareTools, type TableState } from './compared-table'
import { findDifferingRanges, type RangesFound } from './differing-ranges'
import { fetchRanges } from './fetch-ranges'
import { mend } from './mend'

export interface Comparison {
  report: ProofReport
  /** The first rows that differ or were mended; `columns` says whose values they hold, `key` which of these tell rows apart. */
  shown: { columns: string[]; key: string[]; rows: ShownRow[] }
}

interface Input extends CompareTools {
  job: SyncJob
  plan: SyncPlan
  moment: SourceSnapshot
  state: TableState
}

/** Is the table compared in this run? Only one moment of the source can be: rows of two moments differ by what happened between them. */
export function isToCompare({ compare, discovered }: SyncJob, moment: SourceSnapshot | null, rows: number): moment is SourceSnapshot {
  if (!compare || !moment?.summarise || !discovered.isComparable) return false
  return compare.isDue || (compare.proves ?? rows < limits.compare.provenRows)
}

/** Compare a version with its source, and tell. A source that went away leaves a proof that failed, beside the sync that is done; a run that does nothing else fails with it. */
export async function compareVersion(input: Input): Promise<Comparison> {
  return withReport(input.job, { mustEnd: input.plan.isCompareOnly }, (report) => compare(input, report, null))
}

/**
 * Compare what is about to be published with its source, and mend it: rows that are gone are deleted, rows that are missing or different come from the
 * moment that the run reads from. Gives the change with all of that in it; one that failed leaves it as it was, and ends a run that somebody asked for because of it.
 */
export async function reconcile(input: Omit<Input, 'state'>, change: Change): Promise<{ comparison: Comparison; change: Change }> {
  let mended = change
  const mustEnd = input.job.compare?.isRepair === true
  const comparison = await withReport(input.job, { mustEnd }, async (report) => {
    const state = await stateAfter(input.plan, change, input.scratch)
    if (!state) throw new AppError('internal', { title: 'There is no former version to compare' })
    return compare({ ...input, state }, report, async (rows) => {
      mended = await mend(input.plan, change, rows, input)
      return stateAfter(input.plan, mended, input.scratch)
    })
  })
  return { comparison, change: comparison.report.outcome === 'verified' ? { ...mended, isReconciled: true } : change }
}

type Mend = (rows: { input: RowsInput; state: TableState; differences: NonNullable<ProofReport['differences']> }) => Promise<TableState | null>

async function compare(input: Input, report: ProofReport, mendRows: Mend | null): Promise<Comparison['shown']> {
  const { job, plan, moment, state, engine } = input
  const found = compareKey(job.discovered, job.method === 'incremental' ? job.keyColumns : undefined)
  const compared = comparedOf(plan, 'key' in found ? found.key : [], state)
  const ranges = await findRanges(input, compared, report)
  const nothing = { columns: [], key: [], rows: [] }
  if (!ranges.differing.length) {
    report.outcome = 'verified'
    return nothing
  }
  report.outcome = 'differs'
  if (!compared.key.length || (!mendRows && ranges.differingRows > limits.compare.rowsRead)) return nothing
  const fetched = await fetchRanges(job, plan, moment, compared.key, ranges.differing, input)
  report.bytes += fetched.bytes
  report.rangesRead = ranges.differing.length
  const rows: RowsInput = { ...state, fetched: fetched.files, columns: compared.table.columns, key: compared.table.key, ranges: ranges.differing }
  try {
    const differences = await findDifferingRows(engine, rows)
    report.differences = differences
    const shown = { columns: compared.table.columns.map(({ name }) => name), key: compared.table.key.map(({ name }) => name), rows: await shownDifferences(engine, rows, limits.compare.shownRows, limits.compare.shownBytes) }
    // the rows themselves have the last word
    if (differences.gone + differences.missing + differences.different === 0) report.outcome = 'verified'
    else if (mendRows) await mendAndProve(input, compared, ranges, report, () => mendRows({ input: rows, state, differences }))
    return shown
  } finally {
    await forgetDifferences(engine)
  }
}

/** What was mended is compared once more: a mistake in the mending must not pass as a proof. */
async function mendAndProve({ plan, moment, engine, job }: Input, { columns, key }: Compared, { differing }: RangesFound, report: ProofReport, mendRows: () => Promise<TableState | null>): Promise<void> {
  const state = await mendRows()
  if (!state) return
  const { table } = comparedOf(plan, key.map(({ name }) => name), state)
  const [ours, theirs] = await Promise.all([summariseRanges(engine, table, differing), moment.summarise?.({ location: job.discovered.location, columns, key, ranges: differing })])
  report.bytes += theirs?.bytes ?? 0
  if (!ours.every(({ rows, checksum }, index) => rows === theirs?.ranges[index]?.rows && checksum === theirs.ranges[index]?.checksum)) return
  const { gone, missing, different } = report.differences ?? { gone: 0, missing: 0, different: 0 }
  report.outcome = 'verified'
  report.reconciled = { deleted: gone, fetched: missing + different }
}

async function findRanges({ job, moment, state, engine }: Input, { columns, key, table }: Compared, report: ProofReport): Promise<RangesFound> {
  const found = await findDifferingRanges({
    rows: state.snapshot.rows,
    ours: (ranges) => summariseRanges(engine, table, ranges),
    async theirs(ranges) {
      const summary = await moment.summarise?.({ location: job.discovered.location, columns, key, ranges })
      report.bytes += summary?.bytes ?? 0
      return summary?.ranges ?? []
    },
    divide: (ranges, pieces) => (key.length ? divideRanges(engine, table, ranges, pieces) : Promise.resolve([[EVERY_KEY]])),
  })
  report.rows = found.rows
  report.ranges = found.ranges
  return found
}

async function withReport(job: SyncJob, { mustEnd }: { mustEnd: boolean }, work: (report: ProofReport) => Promise<Comparison['shown']>): Promise<Comparison> {
  const began = performance.now()
  const report: ProofReport = { outcome: 'failed', rows: 0, ranges: 0, rangesRead: 0, bytes: 0, seconds: 0, differences: null, reconciled: null, problem: null }
  let shown: Comparison['shown'] = { columns: [], key: [], rows: [] }
  try {
    shown = await work(report)
  } catch (thrown) {
    throwIfAborted(job.signal)
    const error = thrown instanceof ValuesDoNotFit ? doesNotFit(thrown) : thrown
    if (mustEnd) throw error instanceof AppError ? cameToNoEnd(job, error) : error
    report.outcome = 'failed'
    report.problem = toErrorView(error)
    job.log('warn', `The table was not compared with its source: ${[report.problem.title, report.problem.detail].filter(Boolean).join('. ')}`)
  }
  report.seconds = Math.round(performance.now() - began) / 1000
  return { report, shown }
}

/** What a run that was asked for because of its comparison fails with. Whether it is tried again is for its cause to say, as for a read. */
function cameToNoEnd({ tableName, compare }: SyncJob, cause: AppError): AppError {
  const { code, isRetryable, retryAfterSeconds, title, detail, advice } = cause
  const words = [title, detail].filter(Boolean).join(': ')
  return new AppError(code, { title: compare?.isRepair ? `${tableName} was not repaired` : `${tableName} was not compared with its source`, detail: `${words}. The table stays as it was`, advice }, { isRetryable, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), cause })
}

function doesNotFit({ misfits }: ValuesDoNotFit): AppError {
  return new AppError('value_does_not_fit', {
    title: `A value of ${misfits.map(({ column }) => column.name).join(', ')} does not fit its type any more`,
    detail: 'It is in a row that no sync has seen since it was changed',
    advice: 'Start a full resync: the column becomes text then',
  })
}
