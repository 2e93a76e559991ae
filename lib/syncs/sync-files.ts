import { isFilesConnector, type SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { ClaimedRun } from '@/lib/db/run-lease'
import { updateSchemas, type SchemaRow } from '@/lib/db/schemas'
import type { FilesJob } from '@/lib/pipeline/files/files-job'
import { runFiles } from '@/lib/pipeline/files/run-files'
import type { SyncReport } from '@/lib/pipeline/types'
import type { VersionColumn } from '@/lib/warehouse/version'
import type { OpenSource } from './open-source'

type JobHooks = Pick<FilesJob, 'signal' | 'onProgress' | 'log'>

/** Sync a table of files. What its columns are is known once its files were read; it is kept, so that screens show it too. */
export async function syncFiles(run: ClaimedRun, schema: SchemaRow, source: OpenSource, hooks: JobHooks): Promise<SyncReport> {
  const { report, columns } = await runFiles(filesJob(run, schema, source, hooks))
  const discovered = { ...(schema.discovered as object), columns: columns.flatMap(asSourceColumn) }
  await updateSchemas(schema.workspaceId, [schema.id], { discovered, discoveredAt: new Date() })
  return report
}

function filesJob(run: ClaimedRun, schema: SchemaRow, { connector, config }: OpenSource, hooks: JobHooks): FilesJob {
  const { pattern } = schema.location
  if (!isFilesConnector(connector) || !schema.fileSettings || pattern === undefined) {
    throw new AppError('bad_config', { title: `How the files of ${schema.name} are read is not known`, advice: 'Open its settings and save them again' })
  }
  return {
    workspaceId: run.workspaceId,
    schemaId: schema.id,
    runId: run.runId,
    fence: run.fence,
    tableName: schema.tableName,
    name: schema.name,
    connector,
    config,
    pattern,
    settings: schema.fileSettings,
    columnNames: schema.columnNames,
    isFull: run.isFull,
    brakePercent: run.skipsBrake ? null : schema.brakePercent,
    ...hooks,
  }
}

function asSourceColumn({ sourceName, sourceType, type, note }: VersionColumn): SourceColumn[] {
  return sourceName === null ? [] : [{ name: sourceName, sourceType, type, encoding: 'plain', nullable: true, ...(note ? { note } : {}) }]
}
