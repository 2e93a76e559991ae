import type { StripeEvent, StripeFeed } from '../stripe-schema'

interface Touch {
  /** When its first event was created that is not handled yet; null when all are. */
  since: number | null
  newest: number
  /** Does one of the events of that second tell of a deletion, and is it the only one of that second? */
  isDeletion: boolean
  isAlone: boolean
}

/** An object to be read again, or, when `isGone`, one that is known to be deleted. */
export interface TouchedObject {
  id: string
  since: number
  isGone: boolean
}

/** Which objects the events of a feed touched, whatever the order in which the events come. */
export class Touches {
  private readonly objects = new Map<string, Touch>()

  constructor(private readonly feed: StripeFeed) {}

  /** Events that were handled by an earlier read also count for what the newest one is. */
  add(event: StripeEvent, isHandled: boolean): void {
    const { created } = event
    const isDeletion = this.feed.deletions.includes(event.type)
    for (const id of new Set(this.feed.touched(event))) {
      const known = this.objects.get(id)
      const touch = known ?? { since: null, newest: created, isDeletion, isAlone: true }
      if (!isHandled) touch.since = Math.min(touch.since ?? created, created)
      if (known && created >= known.newest) {
        touch.isAlone = created > known.newest
        touch.isDeletion = isDeletion || (known.isDeletion && !touch.isAlone)
        touch.newest = created
      }
      this.objects.set(id, touch)
    }
  }

  /**
   * What events touched that are not handled yet, those with the oldest event first. An id is gone without asking only when its
   * newest event says so and shares its second with no other: Stripe's times are whole seconds, and an id can be used again.
   */
  list(): TouchedObject[] {
    const touched: TouchedObject[] = []
    for (const [id, { since, isDeletion, isAlone }] of this.objects) if (since !== null) touched.push({ id, since, isGone: isDeletion && isAlone })
    return touched.sort((a, b) => a.since - b.since)
  }
}
