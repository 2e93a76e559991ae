import { z } from 'zod'

/** A column of a table; its field id ties it to the same column in every Parquet file, whatever its name there. */
export const VersionColumn = z.object({
  fieldId: z.number().int().positive(),
  /** Its name in the warehouse: the upstream name, with a suffix where two would collide. */
  name: z.string(),
  /** Its name upstream; null for `_synced_at` and `_run_id`. */
  sourceName: z.string().nullable(),
  sourceType: z.string(),
  /** The DuckDB type, the same in every file of the version. */
  type: z.string(),
  /** Was there at the last sync? A column dropped upstream stays, NULL from then on. */
  isPresent: z.boolean(),
  /** Part of the key by which incremental syncs merge. */
  isKey: z.boolean().optional(),
  /** The type that a value did not fit, so that the column is kept as text until its type upstream changes. */
  demotedFrom: z.string().optional(),
  /** Why it is kept as text, for the report. */
  note: z.string().optional(),
})
export type VersionColumn = z.infer<typeof VersionColumn>

/** Transactions that were open at the source when it was read: once one of them is over, rows from a replication key on are read again. */
export const Latecomers = z.object({
  /** Null: from the first one on. */
  from: z.string().nullable(),
  /** The connector's names for them. */
  open: z.array(z.string()),
  /** When the first of them was seen. */
  since: z.string(),
})
export type Latecomers = z.infer<typeof Latecomers>

/** The text form of a replication key, from which the next incremental read continues (inclusive). */
export const KeyCursor = z.object({
  column: z.string(),
  value: z.string(),
  /** The greatest key that was read, where the source's clock is not that far. */
  greatest: z.string().optional(),
  late: z.array(Latecomers).optional(),
  /** Which table it is of, where its source tells one from another of the same name. */
  of: z.string().optional(),
})
export type KeyCursor = z.infer<typeof KeyCursor>

/** Where the next incremental read continues: a replication key, or the bookmark of a connector that follows changes by itself. */
export const Cursor = z.union([KeyCursor, z.object({ bookmark: z.record(z.string(), z.unknown()) })])
export type Cursor = z.infer<typeof Cursor>

/**
 * What a data file holds when that is not simply every column of its version in the version's types: files of a bucket keep the columns and
 * types that they were read with, and a scan turns them into the version's.
 */
export const FileLayout = z.object({
  /** By their names upstream; `name` is the column of the Parquet file. A column of the version that is not here is NULL in this file. */
  columns: z.array(z.object({ source: z.string(), name: z.string(), type: z.string() })),
  /** The object that all rows came from, in its order: what it tells of each row is no column of the file. Null: it is (`_file` and so on). */
  object: z
    .object({ key: z.string(), address: z.string(), modifiedAt: z.string().nullable(), syncedAt: z.string(), runId: z.string(), /** Rows of the object in the files before. */ rowsBefore: z.number().int() })
    .nullable(),
})
export type FileLayout = z.infer<typeof FileLayout>

export interface TableFile {
  path: string
  rows: number
  bytes: number
  /** Absent: the file has every column of its version under its name, with its type. */
  layout?: FileLayout
}

/** All that is needed to read a table as of one version. */
export interface TableSnapshot {
  schemaId: string
  workspaceId: string
  tableName: string
  version: number
  columns: VersionColumn[]
  cursor: Cursor | null
  rows: number
  bytes: number
  dataFiles: TableFile[]
  deleteFiles: TableFile[]
  /** Of a table that is made of files: which objects it is made of, as Parquet (`pipeline/files/manifest.ts`); null otherwise. */
  manifest: TableFile | null
}
