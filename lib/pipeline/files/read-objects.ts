import { setMaxListeners } from 'node:events'
import { inParallel } from '@/lib/connectors/http/in-parallel'
import type { ObjectAccess } from '@/lib/connectors/objects/object-access'
import type { FileFormat } from '@/lib/core/files-settings'
import { formatCount } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { Engine } from '@/lib/warehouse/duckdb'
import { findFormat } from '@/lib/warehouse/formats/find-format'
import { workItems, type Compared } from '@/lib/warehouse/manifest'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { FilePutter } from '../put-files'
import type { DeltaRead } from './delta'
import type { EnginePool } from './engine-pool'
import type { FilesCheckpoints, ReadTotals } from './files-checkpoint'
import type { FilesJob } from './files-job'
import type { FoundColumns } from './found-columns'
import type { FilesPlan } from './plan-files'
import type { ReadContext } from './read-context'
import { readUnit, type UnitOutcome } from './read-unit'
import { Results } from './results'
import { startFiles, type FilesStart } from './resume-files'
import { unitsOf } from './units'

interface Tools {
  engine: Engine
  /** Opens the engines for strangers' files. */
  openPool(): Promise<EnginePool>
  delta: DeltaRead | null
  scratch: Scratch
  access: ObjectAccess
  found: FoundColumns
  put: FilePutter
}

export interface ObjectsRead {
  results: Results
  totals: ReadTotals
  /** Do staged files hang on a checkpoint of this run? */
  hasCheckpoint: boolean
}

/**
 * Step 2 and 3 for files: fetches what is to be read and stages it, several objects at once. Promises that every object was read in one state from its first
 * byte to its last. A broken file ends the run, or is set aside with its words, as the table's settings say. Dying here leaves files in the scratch folder, and what a checkpoint
 * holds: the next attempt goes on from that.
 */
export async function readObjects(job: FilesJob, plan: FilesPlan, compared: Compared, tools: Tools): Promise<ObjectsRead> {
  const results = await Results.open(tools.scratch.file('csv'))
  try {
    const start = await startFiles(job, plan, compared, { ...tools, addressPrefix: tools.access.addressPrefix, results })
    if (start.objects < compared.toRead) await readRest(job, compared, tools, results, start)
    return { results, totals: start.totals, hasCheckpoint: start.checkpoints.isKept }
  } finally {
    await results.close()
  }
}

async function readRest(job: FilesJob, compared: Compared, { engine, openPool, delta, scratch, access, found }: Tools, results: Results, { checkpoints, totals }: FilesStart): Promise<void> {
  const pool = await openPool()
  const report = () => job.onProgress({ step: 'extract', ...totals, rowsExpected: null, pace: paceWords(results, totals.bytesRead, compared) })
  const context: Omit<ReadContext, 'signal' | 'onBytes'> = { job, access, pool, scratch, found, syncedAt: new Date().toISOString(), last: { like: null }, delta, format: findFormat(job.settings.format) }
  const units = inParallel(unitsOf(workItems(engine), hasGroups(job.settings.format)), limits.files.unitsAtOnce, async (unit, signal) => {
    // each object of a group waits for its end
    setMaxListeners(0, signal)
    let bytes = 0
    const onBytes = (more: number): void => {
      bytes += more
      totals.bytesRead += more
    }
    return { ...(await readUnit({ ...context, onBytes, signal }, unit)), bytes }
  }, job.signal)
  report()
  try {
    for await (const unit of units) {
      await include(unit, { results, found, checkpoints, totals })
      report()
    }
    await checkpoints.finish()
  } finally {
    await checkpoints.settled()
  }
}

async function include({ objects, files, unchanged, bytes }: UnitOutcome & { bytes: number }, { results, found, checkpoints, totals }: { results: Results; found: FoundColumns; checkpoints: FilesCheckpoints; totals: ReadTotals }): Promise<void> {
  totals.rowsRead += objects.reduce((rows, object) => rows + Math.max(object.rows, 0), 0)
  for (const { findings, address } of objects) if (findings) found.include(findings, address)
  results.addUnchanged(unchanged)
  await results.add(objects, files)
  checkpoints.add({ objects, files, bytes }, totals)
}

/** Workbooks are unpacked by themselves, and files of Delta have each their own partition. */
function hasGroups(format: FileFormat): boolean {
  return format !== 'excel' && format !== 'delta'
}

function paceWords({ counts }: Results, bytes: number, { toRead, bytesToRead }: Compared): string {
  const done = counts.added + counts.replaced + counts.removed + counts.setAside + counts.unchanged
  const part = bytesToRead > 0 ? `, ${Math.min(100, Math.floor((bytes / bytesToRead) * 100))} % of the bytes` : ''
  return `${formatCount(done)} of ${formatCount(toRead)} files${part}`
}
