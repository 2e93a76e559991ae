import type { EmulatedObject, EmulatedStore } from '../types'
import { openAgenda } from './agenda'
import { startChance, type Chance } from './chance'
import type { Kind, Kinds } from './shapes/kinds'

export const HOUR = 3600
export const DAY = 24 * HOUR

/** What objects of these kinds belong to, from their making on. */
const PARENTS = { invoice_payment: 'invoice', invoiceitem: 'customer', line_item: 'invoice', subscription_item: 'subscription' } as const satisfies { [K in Kind]?: keyof Kinds[K] }

/** The store with the kinds of its objects known, and the chance by which its business runs. */
export interface Account {
  store: EmulatedStore
  chance: Chance
  now(): number
  id(prefix: string): string
  /** Does it once the test clock has reached this time and `runDue` is called. */
  later(time: number, doing: () => void): void
  /** Does everything that is due, oldest first. */
  runDue(): void
  /** Inserts it and tells these events of it, in this order. */
  add<K extends Kind>(made: Kinds[K] & { object: K }, ...types: string[]): Kinds[K]
  /** Changes it, and tells the event with what was before; without a type, nobody is told. */
  change<K extends Kind>(kind: K, id: string, change: Partial<Kinds[K]>, type?: string): Kinds[K]
  /** An event about it as it is. */
  tell(type: string, kind: Kind, id: string, previous?: Record<string, unknown>): void
  remove(id: string, type?: string): void
  get<K extends Kind>(kind: K, id: string): Kinds[K]
  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined
  /** Those that were added here and still are: others' objects, as those of a seed, are left alone. Oldest first. */
  all<K extends Kind>(kind: K): Kinds[K][]
  /** Of these, those that belong to this object. */
  below<K extends keyof typeof PARENTS>(kind: K, parent: string): Kinds[K][]
}

export function openAccount(store: EmulatedStore, seed: number): Account {
  const agenda = openAgenda()
  const own = new OwnIds()
  const find = <K extends Kind>(kind: K, id: string): Kinds[K] | undefined => {
    const object = store.find(id)
    return object?.object === kind ? typed<K>(object) : undefined
  }
  const get = <K extends Kind>(kind: K, id: string): Kinds[K] => {
    const object = find(kind, id)
    if (!object) throw new Error(`The account has no ${kind} ${id}`)
    return object
  }
  const tell = (type: string, kind: Kind, id: string, previous?: Record<string, unknown>) => store.emit(type, untyped(get(kind, id)), previous)
  return {
    store,
    chance: startChance(seed),
    now: () => store.now(),
    id: (prefix) => store.newId(prefix),
    later: agenda.later,
    runDue: () => agenda.runUntil(store.now()),
    add: (made, ...types) => {
      store.insert(untyped(made))
      own.add(untyped(made))
      for (const type of types) tell(type, made.object, made.id)
      return get(made.object, made.id)
    },
    change: (kind, id, change, type) => {
      const previous = store.update(id, change)
      // an update that changes nothing is told nobody
      if (type && (Object.keys(previous).length > 0 || !type.endsWith('.updated'))) tell(type, kind, id, previous)
      return get(kind, id)
    },
    tell,
    remove: (id, type) => {
      const gone = store.remove(id)
      own.remove(gone)
      if (type) store.emit(type, gone)
    },
    get,
    find,
    all: (kind) => own.of(kind).flatMap((id) => find(kind, id) ?? []),
    below: (kind, parent) => own.of(`${kind} of ${parent}`).flatMap((id) => find(kind, id) ?? []),
  }
}

/** The ids of what was added, by kind and by what it belongs to. */
class OwnIds {
  private readonly ids = new Map<string, Set<string>>()

  of(key: string): string[] {
    return [...(this.ids.get(key) ?? [])]
  }

  add(object: EmulatedObject): void {
    for (const key of keysOf(object)) {
      const known = this.ids.get(key) ?? new Set()
      this.ids.set(key, known.add(object.id))
    }
  }

  remove(object: EmulatedObject): void {
    for (const key of keysOf(object)) this.ids.get(key)?.delete(object.id)
  }
}

function keysOf(object: EmulatedObject): string[] {
  const field = Object.entries(PARENTS).find(([kind]) => kind === object.object)?.[1]
  return field === undefined ? [object.object] : [object.object, `${object.object} of ${String(object[field])}`]
}

/** What the makers of the shapes made has the fields of its kind; the store keeps it as it was given. */
function typed<K extends Kind>(object: EmulatedObject): Kinds[K] {
  return object as unknown as Kinds[K]
}

/** Every kind has an id and its `object`. */
function untyped(object: Kinds[Kind]): EmulatedObject {
  return { ...object }
}
