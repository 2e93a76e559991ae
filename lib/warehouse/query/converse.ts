import { AppError } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import type { ChildReply, ExportWork, RowsWork, SandboxSetup } from './messages'
import { endToError, failureToError } from './query-error'
import type { QueryProcess } from './query-process'
import type { CellValue, ResultColumn } from './types'

/** How long an interrupted engine has to come to an end by itself. */
const GRACE_MS = 2_000

/** What a query asks for, as the child understood it. */
export interface Judged {
  references: { schema: string; name: string }[]
  wantsCatalogue: boolean
}

export interface Conversation {
  columns: ResultColumn[]
  rows: number
  isTruncated: boolean
  durationMs: number
  bytesRead: number | null
}

/** What a query process is given to read. */
export interface SandboxSource {
  prepare(judged: Judged, folder: string, signal?: AbortSignal): Promise<SandboxSetup>
  /** Every name that a table goes by, for suggestions. */
  tableNames(): Promise<string[]>
}

/** Lead one query process from the text to its last row, with the time limit and the cancellation. */
export async function converse(
  child: QueryProcess,
  source: SandboxSource,
  sql: string,
  work: RowsWork | ExportWork,
  seconds: number,
  signal: AbortSignal | undefined,
  onRows: (rows: CellValue[][]) => void,
): Promise<Conversation> {
  const startedAt = performance.now()
  const stop = stopper(child, seconds, signal)
  let columns: ResultColumn[] = []
  try {
    child.send({ kind: 'judge', sql })
    for (;;) {
      const reply = await child.next()
      if (!reply || (reply.kind === 'failed' && stop.reason)) throw endToError(stop.reason ?? child.endReason, child.complaint)
      if (reply.kind === 'failed') throw await failed(reply, source, sql, child)
      if (reply.kind === 'judged') {
        const setup = await stop.untimed(() => source.prepare(reply, child.folder, signal))
        // the one file that may be written; a SELECT cannot write, so only our own COPY can
        if (work.kind === 'export') setup.allowedPaths.push(work.file)
        child.send({ kind: 'run', work, setup })
      }
      if (reply.kind === 'columns') columns = reply.columns
      if (reply.kind === 'rows') onRows(reply.rows)
      if (reply.kind === 'done') return { columns, rows: reply.rows, isTruncated: reply.isTruncated, bytesRead: reply.bytesRead, durationMs: Math.round(performance.now() - startedAt) }
    }
  } catch (error) {
    // what was cancelled is told in one way, wherever it was
    throw error instanceof AppError && error.code === 'cancelled' && stop.reason ? endToError(stop.reason, child.complaint) : error
  } finally {
    stop.disarm()
  }
}

interface Stopper {
  readonly reason: 'time' | 'cancelled' | undefined
  /** Work that the query's time does not run for: files that come from afar. */
  untimed<T>(work: () => Promise<T>): Promise<T>
  disarm(): void
}

/** Interrupts the query when its time is over or nobody wants it any more; kills it when it does not listen. */
function stopper(child: QueryProcess, seconds: number, signal: AbortSignal | undefined): Stopper {
  let reason: 'time' | 'cancelled' | undefined
  let killer: NodeJS.Timeout | undefined
  const stop = (why: 'time' | 'cancelled'): void => {
    if (reason) return
    reason = why
    child.send({ kind: 'cancel' })
    killer = setTimeout(() => child.kill(why), GRACE_MS)
  }
  const onAbort = (): void => stop('cancelled')
  const startTimer = () => setTimeout(() => stop('time'), seconds * 1_000)
  let timer = startTimer()
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return {
    get reason() {
      return reason
    },
    async untimed(work) {
      clearTimeout(timer)
      const result = await work()
      timer = startTimer()
      return result
    },
    disarm() {
      clearTimeout(timer)
      clearTimeout(killer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

async function failed(reply: Extract<ChildReply, { kind: 'failed' }>, source: SandboxSource, sql: string, child: QueryProcess): Promise<Error> {
  if (reply.failure.type === 'Process') logger('query').warn({ failure: reply.failure.message, complaint: child.complaint }, 'a query process failed')
  const isMissingTable = reply.failure.subtype === 'MISSING_ENTRY'
  const tableNames = isMissingTable ? await source.tableNames() : []
  return failureToError(reply.failure, { sql, folder: child.folder, tableNames })
}
