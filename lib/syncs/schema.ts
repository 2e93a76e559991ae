import { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'
import type { SyncReport } from '@/lib/pipeline/types'

export const Frequency = z.enum(['five_minutes', 'thirty_minutes', 'hour', 'six_hours', 'twelve_hours', 'day', 'week', 'month'])
export type Frequency = z.infer<typeof Frequency>

export const RunStatus = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

/** A run as screens and the command line see it. Times are ISO 8601, counts are numbers. */
export interface RunView {
  id: string
  sourceId: string
  schemaId: string
  schemaName: string
  tableName: string
  status: RunStatus
  trigger: 'manual' | 'schedule' | 'command-line'
  isFull: boolean
  step: string | null
  rowsRead: number
  bytesRead: number
  rowsExpected: number | null
  /** How fast the source lets us read, in words: "98 of about 100 requests a second". */
  pace: string | null
  attempt: number
  queuedAt: string
  startedAt: string | null
  finishedAt: string | null
  isCancelRequested: boolean
  /** Does what it brought wait for somebody to decide? */
  isHeld: boolean
  error: ErrorView | null
  report: SyncReport | null
}

export interface RunLogLine {
  id: string
  at: string
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
}

export interface RunPage {
  runs: RunView[]
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null
}

export interface LogPage {
  lines: RunLogLine[]
  /** Are there more lines already? */
  hasMore: boolean
}

export const StartSyncInput = z.object({ schemaIds: z.array(z.uuid()).min(1).max(10_000), isFull: z.boolean().default(false), isVerify: z.boolean().default(false), isRepair: z.boolean().default(false), skipsBrake: z.boolean().default(false) })
export const RunIdInput = z.object({ runId: z.uuid() })
/** Versions that wait for a decision, each with the run that brought the one that was seen. */
export const HeldInput = z.object({ held: z.array(z.object({ schemaId: z.uuid(), runId: z.uuid() })).min(1).max(10_000) })
export const SchemaInput = z.object({ schemaId: z.uuid() })
