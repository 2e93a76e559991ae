import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { NO_LENT_THREAD, runStatement } from './run-statement'
import './keep-marks.mjs'
import { scratchFolder } from './scratch'
import { quoteLiteral } from './sql-text'

/** A connection to the engine that writes and merges files, one statement after the other; never given SQL of people. */
export interface Engine {
  /** Run a statement; gives the number of rows that it wrote. Stops within a moment when the signal is aborted. */
  run(sql: string): Promise<number>
  /** Run a query; 64-bit integers and decimals come as text. */
  rows(sql: string): Promise<Json[][]>
  close(): Promise<void>
}

// One instance serves every run of the process, so that its memory limit bounds the process.
let shared: { users: number; instance: Promise<DuckDBInstance> } | undefined

/** Open a connection to this process's engine: bounded memory and threads, spilling to the scratch folder. */
export async function openEngine(signal: AbortSignal): Promise<Engine> {
  shared ??= { users: 0, instance: createInstance() }
  const mine = shared
  mine.users++
  try {
    const connection = await (await mine.instance).connect()
    await connection.run(`SET TimeZone = 'UTC'`)
    return engineOn(connection, signal, () => leave(mine))
  } catch (error) {
    await leave(mine)
    throw error
  }
}

async function createInstance(): Promise<DuckDBInstance> {
  const spill = path.join(scratchFolder(), `duckdb-${process.pid}`)
  await mkdir(spill, { recursive: true, mode: 0o700 })
  // every reader orders what it shows; keeping order while writing costs half the speed
  return DuckDBInstance.create(':memory:', { ...engineOptions(spill, 'any'), ...NO_LENT_THREAD })
}

/** The settings of an engine that writes files: bounded memory and threads, nothing from outside. `order`: of what it writes. */
export function engineOptions(spillFolder: string, order: 'kept' | 'any'): Record<string, string> {
  return {
    memory_limit: `${limits.stageMemoryBytes}B`,
    threads: String(limits.stageThreads),
    temp_directory: spillFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // memory goes back to the system instead of waiting for reuse
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
    preserve_insertion_order: String(order === 'kept'),
  }
}

async function leave(mine: NonNullable<typeof shared>): Promise<void> {
  mine.users--
  if (mine.users > 0) return
  if (shared === mine) shared = undefined
  await mine.instance.then((instance) => instance.closeSync(), () => undefined)
}

function engineOn(connection: DuckDBConnection, signal: AbortSignal, onClose: () => Promise<void>): Engine {
  const interrupt = () => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  let last: Promise<unknown> = Promise.resolve()
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    throwIfAborted(signal)
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    try {
      return await mine
    } catch (error) {
      throwIfAborted(signal)
      throw toEngineError(error)
    }
  }
  return {
    run: (sql) => attempt(async () => (await runStatement(connection, sql, signal)).rowsChanged),
    rows: (sql) => attempt(async () => (await runStatement(connection, sql, signal)).getRowsJson()),
    async close() {
      signal.removeEventListener('abort', interrupt)
      connection.closeSync()
      await onClose()
    },
  }
}

/** Throw why the work was stopped: the reason given to abort() when it is an AppError, else that its time was up or that it was cancelled. */
export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  if (signal.reason instanceof AppError) throw signal.reason
  if (signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError') {
    throw new AppError('timeout', { title: 'It took too long', detail: 'The source did not answer to the end in the time that there is for it', advice: 'Try again; if it stays so, look whether the source is slow or far away' }, { isRetryable: true })
  }
  throw new AppError('cancelled', { title: 'The sync was cancelled', advice: 'The table stays as it was' })
}

const OUT_OF_MEMORY = 'Out of Memory Error'

/** Did the engine's memory not do for a statement? */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof Error && error.cause.message.startsWith(OUT_OF_MEMORY)
}

/** A full disk and a lack of memory in words; anything else stays what it was. */
export function toEngineError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error)
  if (/No space left on device|max_temp_directory_size/i.test(message)) {
    return new AppError('storage_full', { title: 'The disk of the warehouse is full', advice: 'Free some space, then sync again' }, { isRetryable: true, cause: error })
  }
  if (message.startsWith(OUT_OF_MEMORY)) {
    return new AppError('internal', {
      title: 'The sync needs more memory than it may use',
      detail: message.split('\n')[0],
      advice: 'Leave out columns with very large values, or sync again when fewer syncs run',
    }, { isRetryable: true, cause: error })
  }
  return error
}

/** A list of names as a SQL struct literal: `{'name': value, …}`. */
export function structLiteral(fields: [name: string, sql: string][]): string {
  return `{${fields.map(([name, sql]) => `${quoteLiteral(name)}: ${sql}`).join(', ')}}`
}
