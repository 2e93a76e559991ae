import { createHash } from 'node:crypto'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '@/lib/core/errors'
import { formatDuration } from '@/lib/core/format'
import { signInLimitStore } from '@/lib/db/sign-in-limits'

const MINUTE = 60

/** Tries per time: one person's typing mistakes, one address's, and guesses at one account from everywhere. */
const rules = {
  pair: { points: 5, duration: 15 * MINUTE },
  address: { points: 30, duration: 15 * MINUTE },
  account: { points: 100, duration: 60 * MINUTE },
}

const limiters = Object.entries(rules).map(([name, rule]) => ({
  name: name as keyof typeof rules,
  limiter: new RateLimiterPostgres({ storeClient: signInLimitStore, storeType: 'pool', tableName: signInLimitStore.table, tableCreated: true, keyPrefix: name, ...rule }),
}))

/** Count a try before the password is looked at. Throws rate_limited with the time to wait. */
export async function countSignIn(email: string, address: string): Promise<void> {
  const keys = keysOf(email, address)
  for (const { name, limiter } of limiters) {
    try {
      await limiter.consume(keys[name])
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw tooManySignIns(Math.ceil(refusal.msBeforeNext / 1000))
    }
  }
}

/** A right password: this person's mistakes are forgotten, and the try is not held against the address or the account. */
export async function forgetSignIns(email: string, address: string): Promise<void> {
  const keys = keysOf(email, address)
  for (const { name, limiter } of limiters) {
    await (name === 'pair' ? limiter.delete(keys.pair) : limiter.reward(keys[name]))
  }
}

export function tooManySignIns(waitSeconds: number): AppError {
  return new AppError('rate_limited', {
    title: 'Too many attempts to sign in',
    detail: `The next one is possible in ${formatDuration(Math.max(1, waitSeconds) * 1000)}`,
    advice: 'Wait, then try again',
  }, { isRetryable: true })
}

/** Hashed: the table tells nobody who tried from where. */
function keysOf(email: string, address: string): Record<keyof typeof rules, string> {
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 32)
  const account = email.trim().toLowerCase()
  return { pair: hash(`${account}\n${address}`), address: hash(address), account: hash(account) }
}
