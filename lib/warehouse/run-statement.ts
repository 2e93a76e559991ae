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
  const state = () => duckdb.pending_execute_check_state(pending['pending_result']) // the client has no method that only looks
  const began = performance.now()
  let now = state()
  while (now === duckdb.PendingState.NO_TASKS_AVAILABLE || now === duckdb.PendingState.RESULT_NOT_READY) {
    // again each time: an interrupt that came before the statement had begun is forgotten
    if (signal.aborted) connection.interrupt()
    const elapsed = performance.now() - began
    if (elapsed < PAUSE_MS.none) await nextTurn()
    else await wait(elapsed < PAUSE_MS.shortUntil ? PAUSE_MS.short : PAUSE_MS.long)
    now = state()
  }
  // the state of one that has ended is ERROR too. Asked for its result, one that failed would only say that it has none
  const failure = duckdb.pending_error(pending['pending_result'])
  if (failure) throw new Error(failure)
  return pending.getResult()
}
