import path from 'node:path'
import { objectStore } from '@/lib/warehouse/object-store'
import type { TableFile } from '@/lib/warehouse/version'
import type { StagedFile } from './stage'
import type { SyncJob } from './types'

/** Puts local files into the object store, but for those that are in it; when it returns all are durable. */
export type FilePutter = (kind: 'data' | 'deletes' | 'manifest', files: StagedFile[]) => Promise<TableFile[]>

/** Each is open for a moment, and a process may have so many files open. */
const AT_ONCE = 16

/** Keys name the run and its fence, so that no two attempts ever write the same key. One putter per run. */
export function filePutter({ workspaceId, schemaId, runId, fence, signal }: Pick<SyncJob, 'workspaceId' | 'schemaId' | 'runId' | 'fence' | 'signal'>): FilePutter {
  const store = objectStore()
  let number = 0
  return async (kind, files) => {
    const put: TableFile[] = []
    const putOne = async ({ path: file, rows, stored, layout }: StagedFile): Promise<TableFile> => {
      if (stored) return stored
      const key = `${workspaceId}/${schemaId}/${kind}/${runId}-${fence}-${number++}${path.extname(file)}`
      return { path: key, rows, bytes: await store.put(key, file, signal), ...(layout ? { layout } : {}) }
    }
    for (let at = 0; at < files.length; at += AT_ONCE) put.push(...(await Promise.all(files.slice(at, at + AT_ONCE).map(putOne))))
    return put
  }
}
