const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DIGITS = 6
const BEGINNINGS = { charge: 'ch_3', customer: 'cus_' }

/** Odd, so that multiplying by one is undone by multiplying by the other, modulo 2³². */
const FORTH = 0x9e3779b1
const BACK = inverse(FORTH)

/** Ids by number, in an order that means nothing, and their numbers again. */
export function seededIds(kind: keyof typeof BEGINNINGS, seed: number): { at(index: number): string; indexOf(id: string): number | null } {
  const begin = BEGINNINGS[kind]
  const key = Math.imul(seed + kind.length, 0x2545f491) >>> 0
  const at = (index: number) => `${begin}${text(scramble(index, key))}Seeded${text(scramble(index ^ 0x5bd1e995, key))}`
  return {
    at,
    indexOf: (id) => {
      if (!id.startsWith(begin)) return null
      const value = number(id.slice(begin.length, begin.length + DIGITS))
      if (value === null) return null
      const index = unscramble(value, key)
      return at(index) === id ? index : null
    },
  }
}

function scramble(index: number, key: number): number {
  const x = Math.imul((index ^ key) >>> 0, FORTH) >>> 0
  return Math.imul((x ^ (x >>> 16)) >>> 0, FORTH) >>> 0
}

function unscramble(value: number, key: number): number {
  const x = Math.imul(value, BACK) >>> 0
  return (Math.imul((x ^ (x >>> 16)) >>> 0, BACK) ^ key) >>> 0
}

function inverse(odd: number): number {
  let found = odd
  for (let round = 0; round < 5; round += 1) found = Math.imul(found, 2 - Math.imul(odd, found))
  return found >>> 0
}

function text(value: number): string {
  let rest = value
  let made = ''
  for (let digit = 0; digit < DIGITS; digit += 1) {
    made = (ALPHABET[rest % 62] ?? '') + made
    rest = Math.floor(rest / 62)
  }
  return made
}

function number(made: string): number | null {
  let value = 0
  for (const letter of made) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return null
    value = value * 62 + digit
  }
  return value < 2 ** 32 ? value : null
}
