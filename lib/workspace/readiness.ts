import { setTimeout as wait } from 'node:timers/promises'
import { AppError, type ErrorCode } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { isMigrated } from '@/lib/db/is-migrated'
import { objectStore } from '@/lib/warehouse/object-store'

/** An answer comes within two seconds, whatever hangs. */
const WITHIN_MS = 1_500
/** Whoever asks more often hears the last answer. */
const KEPT_MS = 1_000

export const READY = 'ready'

/** What a process needs, each `ready` or in words what it is not. For strangers: the words name no place, no account and no cause. */
export type Readiness = Record<string, string>

/** Is our own database there, and the warehouse? */
export async function readiness(): Promise<Readiness> {
  const { database, warehouse } = parts()
  const [a, b] = await Promise.all([database.state(), warehouse.state()])
  return { database: a, warehouse: b }
}

export function isReady(found: Readiness): boolean {
  return Object.values(found).every((words) => words === READY)
}

/** One part, looked at when somebody asks: once a second at most, and never again while a look hangs. */
export class Part {
  private last: { atMs: number; words: string } | undefined
  private looking: Promise<string> | undefined

  constructor(
    private readonly name: string,
    private readonly look: () => Promise<string>,
    private readonly wordsOf: (error: unknown) => string,
  ) {}

  async state(): Promise<string> {
    if (this.last && performance.now() - this.last.atMs < KEPT_MS) return this.last.words
    this.looking ??= this.lookOnce()
    const ending = new AbortController()
    const words = await Promise.race([this.looking, wait(WITHIN_MS, 'does not answer', { signal: ending.signal }).catch(() => '')])
    ending.abort()
    this.last = { atMs: performance.now(), words }
    return words
  }

  private async lookOnce(): Promise<string> {
    try {
      return await this.look()
    } catch (error) {
      const words = this.wordsOf(error)
      // the cause is for the log: once, not at every probe
      if (this.last?.words !== words) logger('ready').warn({ err: error }, `the ${this.name} ${words}`)
      return words
    } finally {
      this.looking = undefined
    }
  }
}

// Next bundles this module more than once; one look serves them all.
const holder = globalThis as unknown as { tributaryParts?: { database: Part; warehouse: Part } }

function parts(): { database: Part; warehouse: Part } {
  return (holder.tributaryParts ??= {
    database: new Part('database', async () => ((await isMigrated(WITHIN_MS)) ? READY : 'is not migrated'), () => 'does not answer'),
    warehouse: new Part('warehouse', async () => {
      await objectStore().probe(AbortSignal.timeout(WITHIN_MS))
      return READY
    }, warehouseWords),
  })
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  credentials: 'refuses the key',
  permission: 'refuses the key',
  bad_config: 'is not where it should be',
  storage_full: 'is full',
  timeout: 'does not answer',
  cancelled: 'does not answer',
  unreachable: 'does not answer',
  rate_limited: 'does not answer',
}

function warehouseWords(error: unknown): string {
  const errno = (error as NodeJS.ErrnoException | undefined)?.code
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return 'is full'
  if (errno === 'EACCES' || errno === 'EROFS' || errno === 'EPERM') return 'cannot be written to'
  return (error instanceof AppError && WORDS[error.code]) || 'does not work'
}
