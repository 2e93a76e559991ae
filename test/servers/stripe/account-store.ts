import { COMPOSED, LISTED_BELOW, type ComposedList } from './composed'
import { compose } from './compose'
import { eventOf, MEMORY_SECONDS } from './event'
import { idMaker } from './ids'
import { InsertedTimeline, MadeTimeline, type Timeline } from './timeline'
import { frozen, previousOf } from './changes'
import type { EmulatedObject, EmulatedStore } from './types'

type Below = Pick<ComposedList, 'child' | 'parent'>

interface Kept {
  object: EmulatedObject
  time: number
  sequence: number
}

interface Kind {
  made: MadeTimeline[]
  inserted: InsertedTimeline
}

/** Lists below others, by the kind of their entries. */
const BELOW = new Map<string, Below[]>()
for (const list of [...COMPOSED, ...LISTED_BELOW]) BELOW.set(list.child, [...(BELOW.get(list.child) ?? []), list])

/**
 * What one account holds. An object that is given to it is frozen: whoever wants to change it calls `update`. Ids are unique in an
 * account, over all kinds.
 */
export class AccountStore implements EmulatedStore {
  readonly newId: (prefix: string) => string
  private readonly kept = new Map<string, Kept>()
  private readonly kinds = new Map<string, Kind>()
  private readonly below = new Map<string, InsertedTimeline>()
  private readonly removed = new Map<string, string>()
  private sequence = 0

  constructor(
    seed: number,
    readonly now: () => number,
  ) {
    this.newId = idMaker(seed)
  }

  insert(given: EmulatedObject): EmulatedObject {
    if (this.find(given.id)) throw new Error(`The emulated account already has ${given.id}`)
    const object = frozen(given)
    const kept = { object, time: timeOf(object) ?? this.now(), sequence: ++this.sequence }
    this.kept.set(object.id, kept)
    this.removed.delete(object.id)
    this.kindOf(object.object).inserted.insert(object, kept.time, kept.sequence)
    for (const list of BELOW.get(object.object) ?? []) this.belowOf(list, object)?.insert(object, kept.time, kept.sequence)
    return object
  }

  update(id: string, change: Record<string, unknown>): Record<string, unknown> {
    const before = this.require(id)
    for (const name of ['id', 'object', 'created', 'date']) {
      if (name in change && change[name] !== before[name]) throw new Error(`${name} of ${id} never changes`)
    }
    const after = frozen({ ...before, ...change })
    const kept = this.kept.get(id)
    if (!kept) for (const timeline of this.kindOf(before.object).made) timeline.replace(after)
    else {
      kept.object = after
      this.kindOf(before.object).inserted.replace(after)
      for (const list of BELOW.get(before.object) ?? []) this.moveBelow(list, before, kept)
    }
    return previousOf(before, change)
  }

  remove(id: string): EmulatedObject {
    const object = this.require(id)
    const { inserted, made } = this.kindOf(object.object)
    inserted.remove(id)
    for (const timeline of made) timeline.remove(id)
    for (const list of BELOW.get(object.object) ?? []) this.belowOf(list, object)?.remove(id)
    this.kept.delete(id)
    this.removed.set(id, object.object)
    return object
  }

  find(id: string): EmulatedObject | undefined {
    const kept = this.kept.get(id)
    if (kept) return kept.object.object === 'event' && kept.time < this.rememberedFrom() ? undefined : kept.object
    for (const { made } of this.kinds.values()) {
      for (const timeline of made) {
        const position = timeline.positionOf(id)
        if (position !== null) return timeline.at(position)
      }
    }
    return undefined
  }

  all(kind: string): EmulatedObject[] {
    const { made, inserted } = this.kindOf(kind)
    const found = [...made, inserted].flatMap((timeline, rank) =>
      Array.from({ length: timeline.count() }, (_, position) => ({ time: timeline.timeAt(position), rank, position, object: timeline.at(position) })),
    )
    if (made.length > 0) found.sort((one, other) => one.time - other.time || one.rank - other.rank || one.position - other.position)
    return found.flatMap(({ object }) => object ?? [])
  }

  emit(type: string, object: EmulatedObject, previous?: Record<string, unknown>): void {
    this.insert(eventOf({ id: this.newId('evt_'), type, created: this.now(), object: compose(object, this), previous }))
    this.forget()
  }

  insertMany(made: { kind: string; count: number; at(index: number): EmulatedObject; indexOf(id: string): number | null }): void {
    this.kindOf(made.kind).made.push(new MadeTimeline(made, (object) => timeOf(object) ?? 0))
  }

  /** The kind of an object that was removed. */
  kindRemoved(id: string): string | undefined {
    return this.removed.get(id)
  }

  /** What is told in a list of this kind; later ones take precedence within a second. */
  timelines(kind: string): Timeline[] {
    if (kind === 'event') this.forget()
    const { made, inserted } = this.kindOf(kind)
    return [...made, inserted]
  }

  /** The entries of a list below an object. */
  entriesBelow({ child, parent }: Below, id: string): Timeline {
    return this.below.get(`${child}.${parent}.${id}`) ?? new InsertedTimeline()
  }

  /** Events are remembered for thirty days. */
  private forget(): void {
    for (const { id } of this.kindOf('event').inserted.forgetBefore(this.rememberedFrom())) this.kept.delete(id)
  }

  private rememberedFrom(): number {
    return this.now() - MEMORY_SECONDS
  }

  private require(id: string): EmulatedObject {
    const object = this.find(id)
    if (!object) throw new Error(`The emulated account has no ${id}`)
    return object
  }

  private kindOf(kind: string): Kind {
    const known = this.kinds.get(kind) ?? { made: [], inserted: new InsertedTimeline() }
    this.kinds.set(kind, known)
    return known
  }

  private belowOf({ child, parent }: Below, object: EmulatedObject): InsertedTimeline | null {
    const id = object[parent]
    if (typeof id !== 'string') return null
    const key = `${child}.${parent}.${id}`
    const known = this.below.get(key) ?? new InsertedTimeline()
    this.below.set(key, known)
    return known
  }

  private moveBelow(list: Below, before: EmulatedObject, { object, time, sequence }: Kept): void {
    const [from, to] = [this.belowOf(list, before), this.belowOf(list, object)]
    if (from === to) return to?.replace(object)
    from?.remove(object.id)
    to?.insert(object, time, sequence)
  }
}

/** Invoice items tell the time of their making as `date`; some kinds tell none. */
function timeOf(object: EmulatedObject): number | null {
  const time = object.created ?? object.date
  return typeof time === 'number' ? time : null
}
