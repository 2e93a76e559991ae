import { limits } from '@/lib/core/limits'
import { AppError } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { QueryProcess } from './query-process'
import { sweepQueryFolders } from './sweep-query-folders'

const SPARE_MINUTES = 10
const MINUTE_MS = 60_000

interface Waiting {
  key: string
  start(): void
}

interface Shared {
  running: number
  waiting: Waiting[]
  /** How many of each key are at work: whoever has the fewest comes next. */
  runningByKey: Map<string, number>
  spare: QueryProcess | undefined
  spareTimer: NodeJS.Timeout | undefined
  keepsSpare: boolean
  hasSwept: boolean
  /** Processes that are being ended: an answer does not wait for it. */
  closing: Set<Promise<void>>
}

// Next bundles this module more than once; one queue serves them all.
const holder = globalThis as unknown as { tributaryQueries?: Shared }

function shared(): Shared {
  holder.tributaryQueries ??= { running: 0, waiting: [], runningByKey: new Map(), spare: undefined, spareTimer: undefined, keepsSpare: false, hasSwept: false, closing: new Set() }
  return holder.tributaryQueries
}

/**
 * Do some work with a query process of its own. At most `limits.queriesAtOnce` are at work in this program; the rest
 * wait, and whoever has the fewest at work (by `key`) comes first.
 */
export async function withQueryProcess<T>(key: string, signal: AbortSignal | undefined, work: (child: QueryProcess) => Promise<T>): Promise<T> {
  await takeTurn(key, signal)
  let child: QueryProcess | undefined
  try {
    child = takeProcess()
    child.beginWork()
    return await work(child)
  } finally {
    endTurn(key, child)
  }
}

/** End the process behind the answer's back; only then its place is free for the next one. */
function endTurn(key: string, child: QueryProcess | undefined): void {
  const state = shared()
  const end = async (): Promise<void> => {
    try {
      await child?.close()
    } catch (error) {
      logger('query').warn({ err: error }, 'the folder of a query could not be removed')
    }
    giveTurn(key)
    if (state.keepsSpare) warmUpQueries()
  }
  const closing = end().finally(() => state.closing.delete(closing))
  state.closing.add(closing)
}

/**
 * Keep one process ready, so that the next query starts at once. For programs that stay: a command that runs one
 * query and ends has no use for it. An unused one is ended after ten minutes.
 */
export function warmUpQueries(): void {
  const state = shared()
  state.keepsSpare = true
  if (state.spare?.isAlive) return
  const spare = new QueryProcess()
  state.spare = spare
  if (state.spareTimer) clearTimeout(state.spareTimer)
  state.spareTimer = setTimeout(() => {
    if (state.spare !== spare) return
    state.spare = undefined
    state.keepsSpare = false
    void spare.close()
  }, SPARE_MINUTES * MINUTE_MS)
  state.spareTimer.unref()
}

/** Is this a program that stays, and keeps a process ready? */
export function keepsSpare(): boolean {
  return shared().keepsSpare
}

/** End the spare process; for a program that is about to end, and for tests. */
export async function coolDownQueries(): Promise<void> {
  const state = shared()
  state.keepsSpare = false
  if (state.spareTimer) clearTimeout(state.spareTimer)
  const spare = state.spare
  state.spare = undefined
  await Promise.all([spare?.close(), ...state.closing])
}

function takeProcess(): QueryProcess {
  const state = shared()
  if (!state.hasSwept) {
    state.hasSwept = true
    sweepQueryFolders()
  }
  const spare = state.spare
  state.spare = undefined
  return spare?.isAlive ? spare : new QueryProcess()
}

async function takeTurn(key: string, signal: AbortSignal | undefined): Promise<void> {
  const state = shared()
  if (signal?.aborted) throw cancelledInQueue()
  if (state.running < limits.queriesAtOnce) return begin(key)
  await new Promise<void>((resolve, reject) => {
    const entry: Waiting = {
      key,
      start: () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      },
    }
    const leave = (): void => {
      state.waiting = state.waiting.filter((one) => one !== entry)
      reject(cancelledInQueue())
    }
    signal?.addEventListener('abort', leave, { once: true })
    state.waiting.push(entry)
  })
}

function giveTurn(key: string): void {
  const state = shared()
  state.running--
  const left = (state.runningByKey.get(key) ?? 1) - 1
  if (left > 0) state.runningByKey.set(key, left)
  else state.runningByKey.delete(key)
  const load = (one: Waiting): number => state.runningByKey.get(one.key) ?? 0
  const next = state.waiting.reduce<Waiting | undefined>((best, one) => (!best || load(one) < load(best) ? one : best), undefined)
  if (!next) return
  state.waiting = state.waiting.filter((one) => one !== next)
  begin(next.key)
  next.start()
}

function begin(key: string): void {
  const state = shared()
  state.running++
  state.runningByKey.set(key, (state.runningByKey.get(key) ?? 0) + 1)
}

function cancelledInQueue(): AppError {
  return new AppError('cancelled', { title: 'The query was cancelled', detail: 'It was still waiting for its turn' })
}
