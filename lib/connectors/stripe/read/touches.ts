import type { StripeEvent, StripeFeed, StripeList } from '../stripe-schema'
import { timeOf } from './windows'

/** An object of which the first event came within so many seconds after its making is new. */
const NEW_SECONDS = 3600

interface Touch {
  /** When its first event was created that is not handled yet; null when all are. */
  since: number | null
  newest: number
  /** Does one of the events of that second tell of a deletion, and is it the only one of that second? */
  isDeletion: boolean
  isAlone: boolean
  created: number | null
}

/** An object to be read again, or, when `isGone`, one that is known to be deleted. */
export interface TouchedObject {
  id: string
  since: number
  isGone: boolean
  /** When it was made, in unix seconds; null when no event told it. */
  created: number | null
  isNew: boolean
}

/** Which objects the events of a feed touched, whatever the order in which the events come. */
export class Touches {
  private readonly objects = new Map<string, Touch>()

  constructor(
    private readonly feed: StripeFeed,
    private readonly list: StripeList,
  ) {}

  /** Events that were handled by an earlier read also count for what the newest one is. */
  add(event: StripeEvent, isHandled: boolean): void {
    const { created } = event
    const isDeletion = this.feed.deletions.includes(event.type)
    for (const id of new Set(this.feed.touched(event))) {
      const known = this.objects.get(id)
      const touch = known ?? { since: null, newest: created, isDeletion, isAlone: true, created: null }
      touch.created ??= this.createdAt(event, id)
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
  all(): TouchedObject[] {
    const touched: TouchedObject[] = []
    for (const [id, { since, isDeletion, isAlone, created }] of this.objects) {
      if (since !== null) touched.push({ id, since, isGone: isDeletion && isAlone, created, isNew: created !== null && since - created <= NEW_SECONDS })
    }
    return touched.sort((a, b) => a.since - b.since)
  }

  /** Known where the event is about the listed object itself. */
  private createdAt({ data: { object } }: StripeEvent, id: string): number | null {
    return object.object === this.list.object && object.id === id ? timeOf(this.list, object) : null
  }
}
