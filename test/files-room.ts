import { FilesSettings } from '@/lib/core/files-settings'
import type { FilesJob } from '@/lib/pipeline/files/files-job'
import { runFiles } from '@/lib/pipeline/files/run-files'
import type { SyncReport } from '@/lib/pipeline/types'
import type { z } from 'zod'
import type { MemoryBucket } from './memory-bucket'
import { inRun, type Schema } from './sync-room'

export type FilesChange = Partial<Omit<FilesJob, 'settings'>> & { settings?: z.input<typeof FilesSettings> }

/** A job that syncs the objects of a bucket, as CSV unless told otherwise. */
export function filesJob(schema: Schema, run: { runId: string; fence: number }, bucket: MemoryBucket, { settings = { format: 'csv' }, ...change }: FilesChange = {}): FilesJob {
  return {
    workspaceId: schema.workspaceId,
    schemaId: schema.schemaId,
    ...run,
    tableName: 'things',
    name: 'things',
    connector: bucket.connector,
    config: {},
    pattern: '*',
    settings: FilesSettings.parse(settings),
    columnNames: null,
    isFull: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
    ...change,
  }
}

/** Sync the objects of a bucket in a run of their own. */
export async function syncBucket(schema: Schema, bucket: MemoryBucket, change: FilesChange = {}): Promise<SyncReport> {
  return inRun(schema, async (run) => (await runFiles(filesJob(schema, run, bucket, change))).report)
}
