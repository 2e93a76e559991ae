import type { EmulatedStore, StripeTrouble } from './types'

/** What befalls a request. */
export type Trouble = Exclude<StripeTrouble['kind'], (store: EmulatedStore) => void>

/** Trouble that was asked for and has not all come yet. */
export class Troubles {
  private open: { trouble: StripeTrouble; toPass: number; left: number }[] = []

  add(trouble: StripeTrouble): void {
    this.open.push({ trouble, toPass: trouble.after ?? 0, left: trouble.times ?? 1 })
  }

  /** What befalls this request; what only changes the store is done at once, and the request goes on. */
  meet(url: string, store: EmulatedStore): Trouble | null {
    for (const entry of this.open) {
      const { matching, kind } = entry.trouble
      if (matching && url.search(matching) === -1) continue
      if (entry.toPass > 0) {
        entry.toPass--
        continue
      }
      entry.left--
      if (entry.left === 0) this.open = this.open.filter((other) => other !== entry)
      if (typeof kind !== 'function') return kind
      kind(store)
    }
    return null
  }
}
