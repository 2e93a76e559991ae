import { untilEnded } from '@/lib/core/ending'
import { limits } from '@/lib/core/limits'
import type { RowsWork } from '../query/messages'
import { withQueryProcess } from '../query/query-queue'
import { converse, type SandboxSource } from '../query/converse'
import type { CellValue } from '../query/types'

export interface Asking {
  signal?: AbortSignal
  /** Whose question it is (a workspace): at full load everybody gets a fair share. */
  queueKey?: string
}

export interface Answer {
  rows: CellValue[][]
  isTruncated: boolean
  bytesRead: number | null
}

/** A question of ours in a query process of its own, with the limits of people's queries. */
export async function askSandbox(source: SandboxSource, sql: string, work: RowsWork, asking: Asking): Promise<Answer> {
  const rows: CellValue[][] = []
  const signal = untilEnded(asking.signal)
  const done = await withQueryProcess(asking.queueKey ?? '', signal, (child) => converse(child, source, sql, work, limits.querySeconds, signal, (more) => rows.push(...more)))
  return { rows, isTruncated: done.isTruncated, bytesRead: done.bytesRead }
}
