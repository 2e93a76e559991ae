import { z } from 'zod'
import type { CheckStep } from '@/lib/connectors/contract'
import { FilesSettings, type CsvSettings } from '@/lib/core/files-settings'
import type { ErrorView } from '@/lib/core/errors'
import { FilesPattern, FilesTableInput } from './files-table-schema'
import { ConfigRequest } from './link-schema'

/** What a look at the files is asked with, before anything is saved, or for a table that is there (`sourceId`). */
export const FilesPreviewRequest = ConfigRequest.extend({ pattern: FilesPattern, settings: FilesSettings })
export type FilesPreviewRequest = z.infer<typeof FilesPreviewRequest>

/** A line of the answer, as NDJSON: steps of the check as they pass, then one preview. */
export type FilesPreviewLine = { kind: 'step'; step: CheckStep } | { kind: 'preview'; preview: FilesPreview }

/** What the first of the files look like. */
export interface FilesPreview {
  /** The first 20 that match, in the order of their names. */
  objects: { address: string; bytes: number | null; modifiedAt: string | null }[]
  /** How many match; counting stops at 10,000 (`isCountExact` false). */
  objectCount: number
  isCountExact: boolean
  totalBytes: number | null
  columns: PreviewColumn[]
  /** The first 50 rows of the first file, by the order of `columns`, as people read them; null is NULL. */
  rows: (string | null)[][]
  /** Of CSV: how the first file is understood, what was set and what was found. */
  csv: Required<CsvSettings> | null
  /** Of a workbook: the worksheets of the first file, in their order. */
  worksheets: string[]
  notes: string[]
  /** Why the first file cannot be read, in words; then there are no columns. */
  problem: ErrorView | null
}

export interface PreviewColumn {
  name: string
  /** What was found in the file. */
  type: string
  /** What people chose in its place; null when nothing. */
  chosenType: string | null
  note: string | null
}

/** The types that people may choose for a column of files, in the order of the menu. */
export const CHOSEN_TYPES = ['VARCHAR', 'BIGINT', 'DOUBLE', 'DECIMAL(18,2)', 'DECIMAL(38,9)', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'JSON'] as const

export const EditFilesTableInput = z.object({ schemaId: z.uuid(), pattern: FilesPattern.optional(), settings: FilesSettings.optional() })
export type EditFilesTableInput = z.infer<typeof EditFilesTableInput>

/** Tables of a source, or all of them: exactly one of the two is given. */
export const RefreshColumnsInput = z.union([z.object({ sourceId: z.uuid() }), z.object({ schemaIds: z.array(z.uuid()).min(1).max(1000) })])
export type RefreshColumnsInput = z.infer<typeof RefreshColumnsInput>

/** What looking at a table's files again told. */
export interface RefreshedColumns {
  name: string
  added: string[]
  missing: string[]
  /** Columns whose type is another one now. */
  retyped: string[]
  /** Why its files could not be looked at; nothing of it was changed then. */
  problem: ErrorView | null
}

export const AddFilesTableInput = z.object({ sourceId: z.uuid(), table: FilesTableInput })
export type AddFilesTableInput = z.infer<typeof AddFilesTableInput>
