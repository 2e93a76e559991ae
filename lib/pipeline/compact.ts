import { AppError } from '@/lib/core/errors'
import { commitVersion, findSnapshot } from '@/lib/db/versions'
import { compact, planCompaction } from '@/lib/warehouse/compaction'
import type { Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { Published } from './publish'
import type { FilePutter } from './put-files'
import type { SyncJob } from './types'

type Job = Pick<SyncJob, 'workspaceId' | 'schemaId' | 'runId' | 'fence' | 'log' | 'onProgress'>

/**
 * After the commit: when many small files or deleted rows make reading slow, one more version with the same rows in fewer
 * files. The sync is done by then: a failure here is logged and leaves the version as it was published. Dying here leaves
 * files that no version names.
 */
export async function compactIfItPays(job: Job, published: Published, engine: Engine, scratch: Scratch, put: FilePutter): Promise<Published> {
  if (!published.isChanged) return published
  try {
    return { ...published, version: (await compactTable(job, published.version, engine, scratch, put)) ?? published.version }
  } catch (error) {
    const isExpected = error instanceof AppError && ['cancelled', 'lease_lost', 'conflict'].includes(error.code)
    job.log(isExpected ? 'info' : 'warn', `The files were not put together: ${error instanceof Error ? error.message : String(error)}`)
    return published
  }
}

async function compactTable(job: Job, version: number, engine: Engine, scratch: Scratch, put: FilePutter): Promise<number | null> {
  const { workspaceId, schemaId, runId, fence } = job
  const table = await findSnapshot(workspaceId, schemaId, version)
  if (!table) return null
  const plan = await planCompaction(engine, table, scratch.hold)
  if (!plan) return null
  job.onProgress({ step: 'compact', rowsRead: 0, bytesRead: 0, rowsExpected: null })
  const { removed, ...files } = await compact(engine, table, plan, scratch.hold, () => scratch.file('parquet'))
  const dataFiles = await put('data', files.dataFiles)
  const deleteFiles = await put('deletes', files.deleteFiles)
  const gone = new Set(removed)
  const kept = [...table.dataFiles, ...table.deleteFiles].filter((file) => !gone.has(file.path))
  const bytes = [...kept, ...dataFiles, ...deleteFiles].reduce((total, file) => total + file.bytes, 0)
  job.log('info', `${plan.groups.flat().length} files were put together as ${dataFiles.length}`)
  return commitVersion({ workspaceId, schemaId, runId, fence, plannedFrom: version, kind: 'compaction', columns: table.columns, cursor: table.cursor, rows: table.rows, bytes, dataFiles, deleteFiles, removed })
}
