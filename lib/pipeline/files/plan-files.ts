import { createHash } from 'node:crypto'
import { findGreatestFieldId, findSnapshot } from '@/lib/db/versions'
import type { TableSnapshot } from '@/lib/warehouse/version'
import type { FilesJob } from './files-job'

export interface FilesPlan {
  former: TableSnapshot | null
  greatestFieldId: number
  /** Swap what changed, or make the whole table anew. */
  mode: 'merge' | 'replace'
  /** Why every object is read; null when only what changed is. */
  fullReason: string | null
  /** Says by which settings the rows were made; kept with the version. */
  digest: string
}

/** Step 1 for files: can the former version be gone on from, or was it made by other settings? Changes nothing. */
export async function planFiles(job: FilesJob): Promise<FilesPlan> {
  const [former, greatestFieldId] = await Promise.all([findSnapshot(job.workspaceId, job.schemaId), findGreatestFieldId(job.workspaceId, job.schemaId)])
  const digest = settingsDigest(job)
  const fullReason = reasonToReadAll(job, former, digest)
  return { former, greatestFieldId, mode: fullReason === null ? 'merge' : 'replace', fullReason, digest }
}

function reasonToReadAll({ isFull }: FilesJob, former: TableSnapshot | null, digest: string): string | null {
  if (!former) return 'first sync'
  if (isFull) return 'asked for'
  if (!former.manifest) return 'the table was not made of files'
  const known = former.cursor && 'bookmark' in former.cursor ? former.cursor.bookmark.settings : null
  return known === digest ? null : 'its settings changed'
}

/** What the rows depend on. Not what becomes of deleted or broken files: the next sync simply goes on by that. */
function settingsDigest({ connector, pattern, columnNames, settings: { changes: _, broken: __, ...reading } }: FilesJob): string {
  return createHash('sha256').update(JSON.stringify([connector.id, pattern, columnNames, reading])).digest('base64url')
}
