import { AccountStore } from '../account-store'
import type { EmulatedObject } from '../types'

export interface Happening {
  what: 'made' | 'changed' | 'gone'
  /** Before the change, and after it. */
  before: EmulatedObject | null
  after: EmulatedObject | null
  time: number
}

/** A store that remembers everything that happened to it, events too. */
export class WatchedStore extends AccountStore {
  readonly happenings: Happening[] = []
  readonly events: EmulatedObject[] = []

  override insert(given: EmulatedObject): EmulatedObject {
    const object = super.insert(given)
    if (object.object === 'event') this.events.push(object)
    else this.happenings.push({ what: 'made', before: null, after: object, time: this.now() })
    return object
  }

  override update(id: string, change: Record<string, unknown>): Record<string, unknown> {
    const before = this.find(id) ?? null
    const previous = super.update(id, change)
    if (Object.keys(previous).length > 0) this.happenings.push({ what: 'changed', before, after: this.find(id) ?? null, time: this.now() })
    return previous
  }

  override remove(id: string): EmulatedObject {
    const before = super.remove(id)
    this.happenings.push({ what: 'gone', before, after: null, time: this.now() })
    return before
  }
}

/** A clock that a business can live by without a server. */
export function testClock(now = 1_767_225_600): { now: () => number; advance(seconds: number): void } {
  let time = now
  return { now: () => time, advance: (seconds) => (time += seconds) }
}
