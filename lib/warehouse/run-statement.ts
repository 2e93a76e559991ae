import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/** Where an instance has it, its own threads do all of its work: whoever runs a statement lends it none. */
export const NO_LENT_THREAD = { external_threads: '0' }

/** What is done within the first is asked for without a timer, which would take longer than most statements. */
const PAUSE_MS = { none: 1, short: 1, long: 4, shortUntil: 40 }

/**
 * Run a statement of an instance with NO_LENT_THREAD to its end, or until the signal is aborted. One at a time on a connection. The client's own `run`
 * lends the engine a thread, which turns without rest while another has the last piece of the work, and takes some 40 MB more.
 */
export async function runStatement(connection: DuckDBConnection, sql: string, signal: AbortSignal): Promise<DuckDBResult> {
  const pending = await connection.start(sql)
  const began = performance.now()
  while (isUnderWay(pending['pending_result'])) {
    // again each time: an interrupt that came before the statement had begun is forgotten
    if (signal.aborted) connection.interrupt()
    const elapsed = performance.now() - began
    if (elapsed < PAUSE_MS.none) await nextTurn()
    else await wait(elapsed < PAUSE_MS.shortUntil ? PAUSE_MS.short : PAUSE_MS.long)
  }
  return pending.getResult()
}

/** The client has no method that only looks; one that takes part in the work would block the process meanwhile. */
function isUnderWay(pending: duckdb.PendingResult): boolean {
  const state = duckdb.pending_execute_check_state(pending)
  return state === duckdb.PendingState.NO_TASKS_AVAILABLE || state === duckdb.PendingState.RESULT_NOT_READY
}
