const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** How many signs follow the prefix; most ids of Stripe have 24. */
const LENGTHS: Record<string, number> = { acct_: 16, cus_: 14, prod_: 14, req_: 14, sub_sched_: 24 }

/** Ids of Stripe's form: the same for the same seed and order of calls, and none twice. */
export function idMaker(seed: number): (prefix: string) => string {
  const random = mulberry32(seed)
  let made = 0
  return (prefix) => {
    const number = toDigits(++made).padStart(5, '0')
    const length = (LENGTHS[prefix] ?? 24) - number.length
    return prefix + Array.from({ length }, () => DIGITS[Math.floor(random() * DIGITS.length)]).join('') + number
  }
}

/** A number for a text, to seed each account in its own way. */
export function seedOf(seed: number, text: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (const sign of text) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}

function toDigits(value: number): string {
  return value < DIGITS.length ? (DIGITS[value] ?? '') : toDigits(Math.floor(value / DIGITS.length)) + DIGITS[value % DIGITS.length]
}

/** Mulberry32, a public domain generator: small, fast, good enough for ids. Gives numbers from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
