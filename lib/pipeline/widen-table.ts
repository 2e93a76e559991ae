import { commitVersion } from '@/lib/db/versions'
import type { Engine } from '@/lib/warehouse/duckdb'
import { writeDataSql } from '@/lib/warehouse/parquet-sql'
import { scanSql } from '@/lib/warehouse/scan-sql'
import type { Scratch } from '@/lib/warehouse/scratch'
import { quoteIdentifier } from '@/lib/warehouse/sql-text'
import { isWidening } from '@/lib/warehouse/types/is-widening'
import type { TableSnapshot, VersionColumn } from '@/lib/warehouse/version'
import { planSync, type SyncPlan } from './plan'
import type { FilePutter } from './put-files'
import type { Clock } from './report'
import type { StagedFile } from './stage'
import type { SyncJob } from './types'

interface Tools {
  engine: Engine
  scratch: Scratch
  put: FilePutter
  clock: Clock
}

/**
 * Where columns have only become wider upstream (integer to bigint), the rows that are here keep their values in the wider type: one more version with the same rows and the same cursor, from
 * which the sync goes on, instead of reading everything again. A commit of its own: dying before it leaves the former version, after it the same rows. Gives the plan to go on by.
 */
export async function widenIfThatDoes(job: SyncJob, plan: SyncPlan, tools: Tools): Promise<SyncPlan> {
  const { former } = plan
  const widened = former && widenedColumns(plan, former)
  if (!former || !widened) return plan
  const names = widened.map(({ from, to }) => `${to.sourceName} from ${from.type} to ${to.type}`).join(', ')
  job.log('info', `Columns became wider: ${names}. The rows that are here are written anew, and none is read again`)
  const next = await tools.clock.measure('plan', async () => {
    await rewrite(job, former, widened.map(({ to }) => to), tools)
    return planSync(job)
  })
  return { ...next, warnings: [...next.warnings, ...widened.map(({ from, to }) => ({ column: to.sourceName, message: `It was ${from.type} and is ${to.type} now, since it became wider upstream; no row was read again for it` }))] }
}

/** The columns that became wider, where nothing else asks for reading everything; else null. */
function widenedColumns({ read, fullReason }: SyncPlan, former: TableSnapshot): { from: VersionColumn; to: VersionColumn }[] | null {
  if (!fullReason?.startsWith('changed type') || former.dataFiles.some((file) => file.layout)) return null
  const pairs = read.map(({ target }) => ({ from: former.columns.find(({ sourceName }) => sourceName === target.sourceName), to: target }))
  const known = pairs.flatMap(({ from, to }) => (from?.isPresent ? [{ from, to }] : []))
  const widened = known.filter(({ from, to }) => from.fieldId !== to.fieldId)
  // a column that is new, back or no longer chosen still asks for everything
  const present = former.columns.filter((column) => column.sourceName !== null && column.isPresent)
  const isOnlyWider = known.length === pairs.length && widened.every(({ from, to }) => isWidening(from.type, to.type))
  return isOnlyWider && present.every((column) => known.some(({ from }) => from === column)) ? widened : null
}

async function rewrite(job: SyncJob, former: TableSnapshot, widened: VersionColumn[], { engine, scratch, put }: Tools): Promise<void> {
  const columns = former.columns.map((column) => widened.find((other) => other.sourceName === column.sourceName && column.sourceName !== null) ?? column)
  const local = await scratch.hold([...former.dataFiles, ...former.deleteFiles])
  const values = columns.map(({ name, type }) => `CAST(${quoteIdentifier(name)} AS ${type}) AS ${quoteIdentifier(name)}`).join(', ')
  const files: StagedFile[] = []
  for (const file of former.dataFiles) {
    const path = scratch.file('parquet')
    const rows = await engine.run(writeDataSql(`SELECT ${values} FROM (${scanSql({ ...former, dataFiles: [file] }, local)})`, path, columns))
    if (rows > 0) files.push({ path, rows })
  }
  const dataFiles = await put('data', files)
  const { workspaceId, schemaId, runId, fence } = job
  const bytes = dataFiles.reduce((total, file) => total + file.bytes, 0)
  await commitVersion({ workspaceId, schemaId, runId, fence, plannedFrom: former.version, kind: 'compaction', columns, cursor: former.cursor, rows: former.rows, bytes, dataFiles, deleteFiles: [], removed: 'all' })
}
