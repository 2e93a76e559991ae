import type { EmulatedStore } from '../../types'

/**
 * An object is gone, and no event tells it: one that was missed, or that was older than the feed's memory. For tests of the periodic
 * listing alone; nothing in the business does so.
 */
export function silentlyDelete(store: EmulatedStore, id: string): void {
  store.remove(id)
}
