import { z } from 'zod'
import { ColumnChange } from '@/lib/core/column-change'
import { HeldDifference } from '@/lib/core/held-difference'
import { KeptError, type RunViewRow } from '@/lib/db/run-views'
import type { SyncReport } from '@/lib/pipeline/types'
import { KeyCursor, type Cursor } from '@/lib/warehouse/version'
import type { RunView } from './schema'

const Seconds = z.object({ plan: z.number(), extract: z.number(), merge: z.number(), compare: z.number(), publish: z.number(), compact: z.number() }).partial()
  .transform((seconds) => ({ plan: 0, extract: 0, merge: 0, compare: 0, publish: 0, compact: 0, ...seconds }))

/** What a connector keeps in a bookmark is for itself, and may be long: screens learn that there is one. */
const KeptCursor = z.union([KeyCursor, z.object({ bookmark: z.unknown() }).transform((): Cursor => ({ bookmark: {} }))])

const KeptObjects = z.object({
  listed: z.number(),
  unchanged: z.number(),
  added: z.number(),
  replaced: z.number(),
  removed: z.number(),
  setAsideCount: z.number(),
  setAside: z.array(z.object({ address: z.string(), problem: KeptError })),
})

const KeptProof = z.object({
  outcome: z.enum(['verified', 'differs', 'failed']),
  rows: z.number(),
  ranges: z.number(),
  rangesRead: z.number(),
  bytes: z.number(),
  seconds: z.number(),
  differences: z.object({ gone: z.number(), missing: z.number(), different: z.number() }).nullable(),
  reconciled: z.object({ deleted: z.number(), fetched: z.number() }).nullable(),
  problem: KeptError.nullable(),
})

const KeptReport = z.object({
  schema: z.string(),
  table: z.string(),
  method: z.enum(['full', 'incremental']),
  fullReason: z.string().nullable().default(null),
  rowsRead: z.number(),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  rows: z.number(),
  bytes: z.number(),
  connections: z.number().optional(),
  seconds: Seconds,
  totalSeconds: z.number(),
  version: z.number(),
  isChanged: z.boolean(),
  held: HeldDifference.extend({ decision: z.enum(['published', 'discarded']).optional() }).optional(),
  cursor: KeptCursor.nullable().default(null),
  objects: KeptObjects.optional(),
  proof: KeptProof.optional(),
  columns: z.array(ColumnChange).optional(),
  warnings: z.array(z.object({ column: z.string().nullable(), message: z.string() })).default([]),
}) satisfies z.ZodType<SyncReport>

/** A run as screens see it. A report that an older release kept in another shape is left out. */
export function toRunView({ report, ...row }: RunViewRow): RunView {
  return {
    ...row,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    report: KeptReport.safeParse(report).data ?? null,
  }
}
