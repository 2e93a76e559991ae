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

/** The text form of a replication key, from which the next incremental read continues (inclusive). */
export const KeyCursor = z.object({ column: z.string(), value: z.string() })
export type KeyCursor = z.infer<typeof KeyCursor>

/** Where the next incremental read continues: a replication key, or the bookmark of a connector that follows changes by itself. */
export const Cursor = z.union([KeyCursor, z.object({ bookmark: z.record(z.string(), z.unknown()) })])
export type Cursor = z.infer<typeof Cursor>

export interface TableFile {
  path: string
  rows: number
  bytes: number
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
}
