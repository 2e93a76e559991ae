import { z } from 'zod'
import type { CellValue } from './types'

/** What the child is told. It gets names and paths in a folder of its own, never a secret or another workspace's name. */
export type ChildRequest =
  | { kind: 'judge'; sql: string }
  | { kind: 'run'; setup: SandboxSetup; work: RowsWork | ExportWork }
  | { kind: 'cancel' }

export interface SandboxSetup {
  /** `CREATE …` statements that we wrote: schemas, views and stand-ins, run before the lock. */
  definitions: string[]
  /** The only paths that may be opened afterwards, relative to the child's folder. */
  allowedPaths: string[]
}

export interface RowsWork {
  kind: 'rows'
  rowLimit: number
  bytesLimit: number
}

export interface ExportWork {
  kind: 'export'
  format: 'csv' | 'parquet' | 'json'
  file: string
  rowLimit: number
  /** Put `'` before text that a spreadsheet would run as a formula. */
  guardsFormulas: boolean
}

/** A failure as the engine said it; `offset` counts bytes of UTF-8 in the query's text. */
export const ChildFailure = z.object({
  type: z.string().max(100),
  subtype: z.string().max(100).optional(),
  message: z.string(),
  offset: z.number().int().min(0).optional(),
  name: z.string().optional(),
  candidates: z.string().optional(),
})
export type ChildFailure = z.infer<typeof ChildFailure>

const Cell: z.ZodType<CellValue> = z.custom<CellValue>((value) => value !== undefined)

/** What the child may say; checked, since it works on hostile text. */
export const ChildReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('judged'), references: z.array(z.object({ schema: z.string(), name: z.string() })), wantsCatalogue: z.boolean() }),
  z.object({ kind: z.literal('columns'), columns: z.array(z.object({ name: z.string(), type: z.string() })) }),
  z.object({ kind: z.literal('rows'), rows: z.array(z.array(Cell)) }),
  z.object({ kind: z.literal('done'), rows: z.number().int().min(0), isTruncated: z.boolean(), bytesRead: z.number().nullable() }),
  z.object({ kind: z.literal('failed'), failure: ChildFailure }),
])
export type ChildReply = z.infer<typeof ChildReply>
