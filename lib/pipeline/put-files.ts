import { objectStore } from '@/lib/warehouse/object-store'
import type { TableFile } from '@/lib/warehouse/version'
import type { StagedFile } from './stage'
import type { SyncJob } from './types'

/** Puts local files into the object store, but for those that are in it; when it returns all are durable. */
export type FilePutter = (kind: 'data' | 'deletes' | 'manifest', files: StagedFile[]) => Promise<TableFile[]>

/** Keys name the run and its fence, so that no two attempts ever write the same key. One putter per run. */
export function filePutter({ workspaceId, schemaId, runId, fence }: Pick<SyncJob, 'workspaceId' | 'schemaId' | 'runId' | 'fence'>): FilePutter {
  const store = objectStore()
  let number = 0
  return (kind, files) =>
    Promise.all(
      files.map(async ({ path, rows, stored, layout }) => {
        if (stored) return stored
        const key = `${workspaceId}/${schemaId}/${kind}/${runId}-${fence}-${number++}.parquet`
        return { path: key, rows, bytes: await store.put(key, path), ...(layout ? { layout } : {}) }
      }),
    )
}
