import { createHash } from 'node:crypto'

const BYTES = 9
const CHARACTERS = (BYTES * 4) / 3

/**
 * Texts that were handled already, each as 72 bits of its SHA-256: twelve characters of a bookmark. That a new text among thousands
 * is taken for one of thousands known has a chance below 1 in 10^14.
 */
export class Remembered {
  private readonly digests: Set<string>

  /** @param stored as `toText` gave it. */
  constructor(stored = '') {
    this.digests = new Set(Array.from({ length: Math.floor(stored.length / CHARACTERS) }, (_, index) => stored.slice(index * CHARACTERS, (index + 1) * CHARACTERS)))
  }

  get size(): number {
    return this.digests.size
  }

  has(text: string): boolean {
    return this.digests.has(digestOf(text))
  }

  add(text: string): void {
    this.digests.add(digestOf(text))
  }

  /** At most so many of them: a text that is forgotten is handled again. */
  toText(most: number): string {
    return [...this.digests].slice(0, most).join('')
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, BYTES).toString('base64url')
}
