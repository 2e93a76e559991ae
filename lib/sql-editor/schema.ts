import { z } from 'zod'
import { AsOf, type TableAsOf } from '@/lib/core/as-of'
import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'

/** Taken as it was written: the place of an error is counted from its first letter. */
const SqlText = z
  .string()
  .max(limits.sqlLength, `A query has ${limits.sqlLength.toLocaleString('en')} letters at most`)
  .refine((sql) => sql.trim() !== '', 'Write a query first')

export const RunQueryInput = z.object({
  sql: SqlText,
  rowLimit: z.number().int().min(1).max(limits.queryRows).default(limits.queryRows),
  asOf: AsOf.nullable().optional(),
})

export type { AsOf, TableAsOf } from '@/lib/core/as-of'
export type { CellValue, QueryResult } from '@/lib/warehouse/query/types'

export const ExportFormat = z.enum(['csv', 'parquet', 'json'])
export type ExportFormat = z.infer<typeof ExportFormat>

export const SavedQueryInput = z.object({ id: z.uuid().optional(), name: z.string().trim().min(1, 'Give it a name').max(100), sql: SqlText, asOf: AsOf.nullable().optional() })
export type SavedQueryInput = z.output<typeof SavedQueryInput>

export const ExportInput = z.object({
  sql: SqlText,
  format: ExportFormat,
  /** CSV: put `'` before text that a spreadsheet would run as a formula. */
  guardsFormulas: z.boolean().default(false),
  asOf: AsOf.nullable().optional(),
})

export interface SavedQueryView {
  id: string
  name: string
  sql: string
  /** As of when it reads its tables; null for the current versions. */
  asOf: AsOf | null
  updatedAt: string
  savedBy: string
}

/** A query of the viewer's history. */
export interface QueryRunView {
  id: string
  sql: string
  asOf: AsOf | null
  startedAt: string
  durationMs: number
  rows: number | null
  error: string | null
}

export interface FinishedExport {
  id: string
  format: ExportFormat
  rows: number
  bytes: number
  asOf?: TableAsOf[]
}

/** What the SQL screen's handlers answer when they fail: the error, and for a query its place. */
export interface QueryFailure {
  error: ErrorView
  position: { line: number; column: number; offset: number } | null
}
