import type { ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import type { CsvSettings, FilesSettings } from '@/lib/core/files-settings'

/** What the first of a table's files look like. */
export interface FilesLook {
  /** The first 20 that match, in the order of their names. */
  objects: { address: string; bytes: number | null; modifiedAt: string | null }[]
  /** How many match; counting stops at 10,000 (`isCountExact` false). */
  objectCount: number
  isCountExact: boolean
  totalBytes: number | null
  columns: { name: string; type: string; note: string | null }[]
  /** The first 50 rows of the first file, by the order of `columns`, as people read them; null is NULL. */
  rows: (string | null)[][]
  /** Of CSV: how the first file is understood, what was set and what was found. */
  csv: Required<CsvSettings> | null
  notes: string[]
}

/** Lists the objects and reads the beginning of the first one. Throws AppError, or FileProblem for a file that is not of the format. */
export async function previewFiles(_options: { access: ObjectAccess; settings: FilesSettings; signal: AbortSignal }): Promise<FilesLook> {
  throw new AppError('not_allowed', { title: 'Files cannot be looked at yet', advice: 'Wait for the release that reads them' })
}
