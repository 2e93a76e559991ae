import { AppError, type ErrorView } from '@/lib/core/errors'
import { formatCount } from '@/lib/core/format'
import { keyedDigest } from '@/lib/core/secret-box'
import { limits } from '@/lib/core/limits'
import { findFilesCheckpoint, type CheckpointFile, type FilesCheckpoint } from '@/lib/db/checkpoint-files'
import type { Engine } from '@/lib/warehouse/duckdb'
import type { Compared } from '@/lib/warehouse/manifest'
import { compareRecord, forgetRecord, recordedFindings, recordedProblems, recordedUnits, type Recorded } from '@/lib/warehouse/read-record'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { FilePutter } from '../put-files'
import type { StagedFile } from '../stage'
import { FilesCheckpoints, type ReadTotals } from './files-checkpoint'
import type { FilesJob } from './files-job'
import { Findings, type FoundColumns } from './found-columns'
import type { FilesPlan } from './plan-files'
import type { Results } from './results'

export interface ResumeTools {
  engine: Engine
  scratch: Scratch
  put: FilePutter
  addressPrefix: string
  found: FoundColumns
  results: Results
}

export interface FilesStart {
  checkpoints: FilesCheckpoints
  /** How many objects an interrupted read had read. */
  objects: number
  totals: ReadTotals
}

/**
 * Goes on from what an interrupted read of the same files in the same way left, as far as its objects are as they were; the rest is to be read. Rows and files end as
 * if it had never been interrupted.
 */
export async function startFiles(job: FilesJob, plan: FilesPlan, compared: Compared, tools: ResumeTools): Promise<FilesStart> {
  const read = { plan: readDigest(job, plan), plannedFrom: plan.former?.version ?? null }
  const kept = compared.toRead > 0 ? await findFilesCheckpoint(job.workspaceId, job.schemaId) : null
  const resumed = kept?.plan === read.plan ? await recall(job, kept, tools) : null
  if (!resumed) {
    const checkpoints = new FilesCheckpoints(job, { ...read, isNew: true, began: new Date(), objects: 0, lastUnit: 0, lastFindingsId: 0 }, tools)
    return { checkpoints, objects: 0, totals: { rowsRead: 0, bytesRead: 0 } }
  }
  const { recorded, files, began } = resumed
  const totals = { rowsRead: recorded.rowsAdded, bytesRead: recorded.bytes }
  const checkpoints = new FilesCheckpoints(job, { ...read, isNew: false, began, ...recorded }, tools)
  await checkpoints.takeOver(recorded.droppedUnits, totals)
  await restore(recorded, files, tools)
  job.log('info', `Going on where an interrupted read had come to: ${formatCount(recorded.objects)} of ${formatCount(compared.toRead)} files were read before`)
  return { checkpoints, objects: recorded.objects, totals }
}

/** The config is part of it, its secrets too: another key may be of another account. */
function readDigest({ connector, config }: FilesJob, { former, mode, digest }: FilesPlan): string {
  return keyedDigest(JSON.stringify(['files', connector.id, config, digest, former?.version ?? null, mode]))
}

interface Recalled {
  recorded: Recorded
  files: StagedFile[]
  began: Date
}

/** Null when nothing is as it was, or when files of it are gone: they can be made again, and cost time and nothing else. */
async function recall(job: FilesJob, { createdAt, files }: FilesCheckpoint, { engine, scratch }: ResumeTools): Promise<Recalled | null> {
  try {
    const records = files.filter(({ kind }) => kind === 'manifest')
    if (!records.length) return null
    const local = await scratch.hold(records)
    const recorded = await compareRecord(engine, records.map(({ path }) => local(path)), { retriesProblems: job.settings.broken === 'fail' })
    if (recorded.objects === 0) return null
    const units = await recordedUnits(engine)
    return { recorded, files: await staged(files.filter(({ kind, unit }) => kind === 'data' && unit !== null && units.has(unit)), scratch), began: createdAt }
  } catch (error) {
    if (!(error instanceof AppError) || !['not_found', 'bad_file'].includes(error.code)) throw error
    job.log('warn', `What an interrupted read left cannot be used: ${error.message}`)
    await forgetRecord(engine)
    return null
  }
}

async function staged(files: CheckpointFile[], scratch: Scratch): Promise<StagedFile[]> {
  const local = await scratch.hold(files)
  return files.map(({ kind: _, unit: __, ...stored }) => ({ path: local(stored.path), rows: stored.rows, stored, ...(stored.layout ? { layout: stored.layout } : {}) }))
}

async function restore(recorded: Recorded, files: StagedFile[], { engine, addressPrefix, found, results }: ResumeTools): Promise<void> {
  const { added, replaced, setAside, rowsAdded, rowsOfNew } = recorded
  const problems = await recordedProblems(engine, limits.files.namedProblems)
  results.restore({ counts: { added, replaced, setAside, rowsAdded, rowsOfNew }, setAside: problems.map(({ key, problem }) => ({ address: `${addressPrefix}${key}`, problem: JSON.parse(problem) as ErrorView })), files })
  for await (const { findings, key, objects } of recordedFindings(engine)) found.include(Findings.parse(JSON.parse(findings)), `${addressPrefix}${key}`, objects)
}
