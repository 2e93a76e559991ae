import { createHash } from 'node:crypto'

const BYTES = 9
const CHARACTERS = (BYTES * 4) / 3

/**
 * Texts that were handled already, each as 72 bits of its SHA-256: twelve characters of a bookmark. That a new text among thousands
 * is taken for one of thousands known has a chance below 1 in 10^14.
 */
export class Remembered {
  private readonly times: Map<string, number>

  /** @param stored as `toText` gave it; all of it counts as from `at`. */
  constructor(stored = '', at = 0) {
    this.times = new Map(Array.from({ length: Math.floor(stored.length / CHARACTERS) }, (_, index) => [stored.slice(index * CHARACTERS, (index + 1) * CHARACTERS), at]))
  }

  get size(): number {
    return this.times.size
  }

  has(text: string): boolean {
    return this.times.has(digestOf(text))
  }

  /** @param at its time, where texts are to be forgotten by time. */
  add(text: string, at = 0): void {
    this.times.set(digestOf(text), at)
  }

  /** Forgets what is from before `from`, and gives at most so many of the rest, the latest first: a text that is forgotten is handled again. */
  toText(most: number, from = -Infinity): string {
    for (const [digest, at] of this.times) if (at < from) this.times.delete(digest)
    return [...this.times].sort(([, a], [, b]) => b - a).slice(0, most).map(([digest]) => digest).join('')
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, BYTES).toString('base64url')
}
