import type { ErrorView } from '@/lib/core/errors'
import { formatCount, formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { ObjectAccess } from '@/lib/connectors/objects/object-access'
import { dividingKeys } from '@/lib/warehouse/dividing-keys'
import { dropObjects } from '@/lib/warehouse/drop-objects'
import { openEngine, throwIfAborted, type Engine } from '@/lib/warehouse/duckdb'
import { compareListing, problemsThatStay, writeManifest, type Compared } from '@/lib/warehouse/manifest'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import type { VersionColumn } from '@/lib/warehouse/version'
import { compactIfItPays } from '../compact'
import type { Warning } from '../plan-columns'
import type { Published } from '../publish'
import { filePutter } from '../put-files'
import { Clock, columnsReport } from '../report'
import type { Step, SyncReport } from '../types'
import { openDelta, writeDeltaListing, type DeltaRead } from './delta'
import { lazyPool, type EnginePool } from './engine-pool'
import { inexactColumns } from './exact-columns'
import type { FilesJob } from './files-job'
import { FoundColumns } from './found-columns'
import { listToFile } from './list-objects'
import { planFileColumns } from './plan-file-columns'
import { planFiles, type FilesPlan } from './plan-files'
import { publishFiles, type FilesChange } from './publish-files'
import { readObjects } from './read-objects'
import type { Results } from './results'

export interface FilesSynced {
  report: SyncReport
  columns: VersionColumn[]
}

interface Tools {
  engine: Engine
  scratch: Scratch
  access: ObjectAccess
  openPool(): Promise<EnginePool>
}

/**
 * Sync one table of files: list, compare, read what is new or changed, swap it in one commit. Promises that the table is the union of the
 * objects as they were when they were read, or the former version; throws AppError and leaves the former version when it cannot finish.
 */
export async function runFiles(job: FilesJob): Promise<FilesSynced> {
  const clock = new Clock()
  const enter = (step: Step, more: { rowsRead: number; bytesRead: number } = { rowsRead: 0, bytesRead: 0 }) => {
    throwIfAborted(job.signal)
    job.onProgress({ step, ...more, rowsExpected: null })
  }
  enter('plan')
  const plan = await clock.measure('plan', () => planFiles(job))
  job.log('info', plan.fullReason === null ? 'Reading objects that are new or changed' : `Reading every object: ${plan.fullReason}`)
  const [engine, scratch] = await Promise.all([openEngine(job.signal), makeScratch(job.runId, job.signal)])
  const pool = lazyPool(job.signal)
  // where everything is read, its process starts while the store is listed; a failure is told to whoever needs it
  if (plan.mode === 'replace') pool.open().catch(() => undefined)
  const tools = { engine, scratch, access: job.connector.files.open(job.config, job.pattern), openPool: pool.open }
  const put = filePutter(job)
  const found = new FoundColumns()
  try {
    const { compared, delta } = await clock.measure('plan', () => compare(job, plan, tools))
    const read = await clock.measure('extract', () => readObjects(job, plan, compared, { ...tools, delta, found, put }))
    enter('merge', read.totals)
    const { change, warnings } = await clock.measure('merge', () => changeOf(job, plan, compared, tools, found, read.results))
    enter('publish', read.totals)
    const published = await clock.measure('publish', () => publishFiles(job, plan, change, put, read.hasCheckpoint))
    const compacted = await clock.measure('compact', () => compactIfItPays(job, published, engine, scratch, put))
    const report = await reportOf({ job, plan, compared, change, published: compacted, tools, read, warnings, clock })
    return { report, columns: published.held && plan.former ? plan.former.columns : change.columns }
  } finally {
    await pool.close()
    await engine.close()
    await scratch.remove()
  }
}

async function compare(job: FilesJob, { former, mode }: FilesPlan, tools: Tools): Promise<{ compared: Compared; delta: DeltaRead | null }> {
  const { engine, scratch } = tools
  const path = scratch.file('csv')
  const manifest = mode === 'merge' && former?.manifest ? former.manifest : null
  const local = await scratch.hold(manifest ? [manifest] : [])
  const known = manifest && { path: local(manifest.path), objects: manifest.rows }
  const delta = await list(job, tools, path, known)
  const compared = await compareListing(engine, path, { former: known && known.path, changes: job.settings.changes, retriesProblems: job.settings.broken === 'fail' })
  job.log('info', `${formatQuantity(compared.listed, 'object')} listed: ${formatCount(compared.toRead)} to read, ${formatCount(compared.unchanged)} unchanged, ${formatCount(compared.gone)} gone`)
  return { compared, delta }
}

/** `known`: the objects of the last time. */
async function list(job: FilesJob, { engine, scratch, access, openPool }: Tools, path: string, known: { path: string; objects: number } | null): Promise<DeltaRead | null> {
  const onListed = (objects: number) => job.onProgress({ step: 'plan', rowsRead: 0, bytesRead: 0, rowsExpected: null, pace: `${formatQuantity(objects, 'file')} listed` })
  if (job.settings.format !== 'delta') {
    const at = known ? await dividingKeys(engine, known.path, known.objects, limits.files.dividedListing) : []
    await listToFile(access, path, at, job.signal, onListed)
    return null
  }
  const delta = await openDelta({ access, scratch, pool: await openPool(), signal: job.signal }, onListed)
  await writeDeltaListing(delta, path)
  job.log('info', `Version ${delta.table.version} of the Delta table: ${formatCount(delta.files.size)} files`)
  return delta
}

async function changeOf(job: FilesJob, plan: FilesPlan, compared: Compared, { engine, scratch, access }: Tools, found: FoundColumns, results: Results): Promise<{ change: FilesChange; warnings: Warning[] }> {
  const { former, mode, greatestFieldId } = plan
  const isMerge = former !== null && mode === 'merge'
  const noneDropped = { removed: [], rows: 0, deletes: null }
  if (isMerge && results.isEmpty && compared.gone === 0) return { change: { files: [], dropped: noneDropped, columns: former.columns, manifest: null }, warnings: [] }
  const inexact = await inexactColumns(engine, { former: isMerge ? former : null, staged: results.files, found: found.all, hold: scratch.hold })
  const planned = planFileColumns({ former, mode, greatestFieldId, found: found.all, inexact })
  const { columns } = planned
  const warnings = [...planned.warnings, ...found.notes.map((message) => ({ column: null, message }))]
  const path = scratch.file('parquet')
  const objects = await writeManifest(engine, results.path, path)
  if (!isMerge) return { change: { files: results.files, dropped: noneDropped, columns, manifest: { path, objects } }, warnings: compared.listed === 0 ? [...warnings, noMatch(job)] : warnings }
  const local = await scratch.hold([...former.dataFiles, ...former.deleteFiles])
  const dropped = await dropObjects(engine, former, access.addressPrefix, local, () => scratch.file('parquet'))
  return { change: { files: results.files, dropped, columns, manifest: { path, objects } }, warnings }
}

function noMatch({ pattern }: FilesJob): Warning {
  return { column: null, message: `No object matches ${pattern}: the table is empty` }
}

interface Reported {
  job: FilesJob
  plan: FilesPlan
  compared: Compared
  change: FilesChange
  published: Published
  tools: Tools
  read: { results: Results; totals: { rowsRead: number; bytesRead: number } }
  warnings: Warning[]
  clock: Clock
}

async function reportOf({ job, plan, compared, change, published, tools: { engine, access }, read: { results, totals }, warnings, clock }: Reported): Promise<SyncReport> {
  const { counts } = results
  const still = await problemsThatStay(engine, limits.files.namedProblems)
  const setAside = [...results.setAside, ...still.first.map(({ key, problem }) => ({ address: `${access.addressPrefix}${key}`, problem: JSON.parse(problem) as ErrorView }))].slice(0, limits.files.namedProblems)
  const setAsideCount = counts.setAside + still.count
  const updated = Math.min(change.dropped.rows, counts.rowsAdded - counts.rowsOfNew)
  const isReplaced = plan.mode === 'replace'
  const changed = {
    inserted: isReplaced ? counts.rowsAdded : counts.rowsAdded - updated,
    updated: isReplaced ? 0 : updated,
    deleted: isReplaced ? (plan.former?.rows ?? 0) : change.dropped.rows - updated,
  }
  return {
    schema: job.name,
    table: job.tableName,
    method: 'incremental',
    fullReason: plan.fullReason,
    rowsRead: totals.rowsRead,
    ...(published.held ? { inserted: 0, updated: 0, deleted: 0, held: published.held } : changed),
    rows: published.rows,
    bytes: totals.bytesRead,
    seconds: clock.seconds,
    totalSeconds: clock.total,
    version: published.version,
    isChanged: published.isChanged,
    cursor: null,
    ...columnsReport(plan.former?.columns, published.isChanged ? change.columns : undefined),
    objects: { listed: compared.listed, unchanged: compared.unchanged - still.count + counts.unchanged, added: counts.added, replaced: counts.replaced, removed: compared.gone + counts.removed, setAside, setAsideCount },
    warnings: setAsideCount ? [...warnings, { column: null, message: `${formatCount(setAsideCount)} ${setAsideCount === 1 ? 'file' : 'files'} could not be read and ${setAsideCount === 1 ? 'is' : 'are'} left out: ${setAside.slice(0, 3).map(({ address }) => address).join(', ')}${setAsideCount > 3 ? ' …' : ''}` }] : warnings,
  }
}
