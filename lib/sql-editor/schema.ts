import { z } from 'zod'
import { limits } from '@/lib/core/limits'

export const RunQueryInput = z.object({
  sql: z.string().trim().min(1, 'Write a query first').max(limits.sqlLength),
  rowLimit: z.number().int().min(1).max(limits.queryRows).default(limits.queryRows),
})

/**
 * A value as JSON carries it without loss: 64-bit and larger integers, decimals, dates, times, UUIDs and blobs
 * (hexadecimal) as strings, lists as arrays, structs as objects, NULL as null. NaN and infinities as strings.
 */
export type CellValue = null | boolean | number | string | CellValue[] | { [name: string]: CellValue }

export interface QueryResult {
  columns: { name: string; type: string }[]
  rows: CellValue[][]
  /** More rows were there than the limit. */
  isTruncated: boolean
  durationMs: number
  bytesRead: number | null
}

/** A query's failure with its place in the text: line and column from 1, offset from 0. */
export interface QueryProblem {
  title: string
  detail: string
  advice?: string
  position: { line: number; column: number; offset: number } | null
}

export const ExportFormat = z.enum(['csv', 'parquet', 'json'])
export type ExportFormat = z.infer<typeof ExportFormat>

export const SavedQueryInput = z.object({ id: z.uuid().optional(), name: z.string().trim().min(1, 'Give it a name').max(100), sql: z.string().min(1).max(limits.sqlLength) })
