import type { AppError } from '@/lib/core/errors'
import type { CsvSettings } from '@/lib/core/files-settings'

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
  /** Of a workbook: its worksheets, in their order. */
  worksheets: string[]
  notes: string[]
  /** Why the first file cannot be read; then there are no columns. */
  problem: AppError | null
}
