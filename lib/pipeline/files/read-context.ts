import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import type { Format, Inspection } from '@/lib/warehouse/formats/format'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { WorkItem } from '@/lib/warehouse/manifest'
import type { DeltaRead } from './delta'
import type { EnginePool } from './engine-pool'
import type { FilesJob } from './files-job'
import type { FoundColumns } from './found-columns'

/** What reading objects is done with. */
export interface ReadContext {
  job: Pick<FilesJob, 'settings' | 'columnNames' | 'log' | 'runId'>
  access: ObjectAccess
  pool: EnginePool
  scratch: Scratch
  found: FoundColumns
  syncedAt: string
  signal: AbortSignal
  /** Bytes that came from the store. */
  onBytes(bytes: number): void
  /** How the last file was read, for all units of a run: tried first for the next one. */
  last: { like: Inspection | null }
  format: Format
  /** Of a Delta table: what its log says of each file. */
  delta: DeltaRead | null
  /** Where a long text is cut; limits.files.pieceBytes when absent. */
  pieceBytes?: number
  /** Told in which encoding a text is, before it becomes UTF-8. */
  onEncoding?(encoding: string): void
}

export function addressOf({ access }: Pick<ReadContext, 'access'>, key: string): string {
  return `${access.addressPrefix}${key}`
}

export function listedOf({ key, fingerprint, bytes, modifiedAt }: WorkItem): ListedObject {
  return { key, fingerprint, bytes, modifiedAt }
}
