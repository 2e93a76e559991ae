import { createHash } from 'node:crypto'
import { limits } from '@/lib/core/limits'
import type { RateOptions } from './rate-controller'
import { RateLimiter } from './rate-limiter'

interface Shared {
  limiter: RateLimiter
  /** What each open session asks for; the strictest of them counts. */
  sessions: Set<RateOptions>
  forget?: NodeJS.Timeout
}

const shared = new Map<string, Shared>()

/**
 * The limiter of an account at an origin: one for all sessions of this process that are open, and for some minutes after the last
 * one, so that the next starts at the rate that is known.
 */
export function shareLimiter(origin: string, account: string, options: RateOptions): { limiter: RateLimiter; release(): void } {
  // an account's name may be a secret: it is kept nowhere
  const key = createHash('sha256').update(JSON.stringify([origin, account])).digest('base64')
  const known = shared.get(key) ?? { limiter: new RateLimiter(options), sessions: new Set<RateOptions>() }
  shared.set(key, known)
  clearTimeout(known.forget)
  const session = { ...options }
  known.sessions.add(session)
  bound(known)
  return {
    limiter: known.limiter,
    release: () => {
      if (!known.sessions.delete(session)) return
      if (known.sessions.size > 0) return bound(known)
      known.forget = setTimeout(() => shared.delete(key), limits.http.rememberSeconds * 1000)
      known.forget.unref()
    },
  }
}

function bound({ limiter, sessions }: Shared): void {
  const all = [...sessions]
  limiter.bound({ mostPerSecond: Math.min(...all.map((one) => one.mostPerSecond)), concurrency: Math.min(...all.map((one) => one.concurrency)) })
}
