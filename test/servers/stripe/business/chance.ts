/** A number of 32 bits that only depends on these two, and looks like chance. */
export function mix(number: number, salt: number): number {
  let x = (Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(salt + 0x7f4a7c15, 0xc2b2ae35)) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) >>> 0
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b) >>> 0
  return (x ^ (x >>> 16)) >>> 0
}

/** One of them, by a number. */
export function choose<T>(list: readonly T[], number: number): T {
  const chosen = list[number % list.length]
  if (chosen === undefined) throw new Error('There is nothing to choose from')
  return chosen
}

/** What happens by chance, the same for the same seed and order of calls. */
export interface Chance {
  /** A whole number from 0 up to, without, the end. */
  below(end: number): number
  between(first: number, last: number): number
  /** Happens so often: 0.1 is one time in ten. */
  happens(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of them, or undefined where there is none. */
  any<T>(list: readonly T[]): T | undefined
}

export function startChance(seed: number): Chance {
  let calls = 0
  const below = (end: number) => Math.floor((mix((calls += 1), seed) / 2 ** 32) * end)
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    happens: (share) => below(1_000_000) < share * 1_000_000,
    pick: (list) => choose(list, below(list.length)),
    any: (list) => (list.length === 0 ? undefined : list[below(list.length)]),
  }
}
