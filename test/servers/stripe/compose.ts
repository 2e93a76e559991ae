import { isHash } from './changes'
import { COMPOSED, INLINED, type ComposedList } from './composed'
import { pageOf } from './page'
import { GivenTimeline, reversed, type Timeline } from './timeline'
import type { EmulatedObject } from './types'

/** Where the parts come from. */
export interface Parts {
  find(id: string): EmulatedObject | undefined
  /** The kind of an object that was removed. */
  kindRemoved(id: string): string | undefined
  entriesBelow(list: Pick<ComposedList, 'child' | 'parent'>, id: string): Timeline
}

/** What is expanded: `{ customer: {}, lines: { data: { discounts: {} } } }`. */
export interface Expansion {
  [field: string]: Expansion
}

/** How much of a list is inside of an object. */
const CUT = 10

interface Shape {
  lists: ComposedList[]
  inlined: string[]
  hidden: string[]
}

const PLAIN: Shape = { lists: [], inlined: [], hidden: [] }
const SHAPES = new Map<string, Shape>()
const shapeOf = (kind: string) => SHAPES.get(kind) ?? PLAIN
for (const kind of new Set([...COMPOSED.flatMap(({ of, child }) => [of, child]), ...Object.keys(INLINED)])) {
  SHAPES.set(kind, {
    lists: COMPOSED.filter(({ of }) => of === kind),
    inlined: INLINED[kind] ?? [],
    hidden: COMPOSED.filter(({ child, isHidden }) => child === kind && isHidden).map(({ parent }) => parent),
  })
}

/** An object as it is sent: its lists put in and cut, what is expanded in the place of its id. The same object when nothing is to be done. */
export function compose(object: EmulatedObject, parts: Parts, expansion: Expansion = {}): Record<string, unknown> {
  const { lists, inlined, hidden } = shapeOf(object.object)
  const asked = Object.entries(expansion)
  if (lists.length + inlined.length + hidden.length + asked.length === 0) return object
  const sent: Record<string, unknown> = { ...object }
  for (const field of hidden) delete sent[field]
  for (const list of lists) {
    const within = expansion[list.field]
    if (list.onExpand && !within) delete sent[list.field]
    else sent[list.field] = composeList(list, object, parts, within?.data)
  }
  for (const field of inlined) if (field in sent) sent[field] = expand(sent[field], parts, expansion[field] ?? {})
  for (const [field, within] of asked) {
    if (field in sent && !inlined.includes(field) && !lists.some((list) => list.field === field)) sent[field] = expand(sent[field], parts, within)
  }
  return sent
}

/** Every entry of a list of this object, in the order in which it is sent when read from its end. */
export function entriesOf(list: Pick<ComposedList, 'child' | 'parent'> & Partial<ComposedList>, object: EmulatedObject, parts: Parts): Timeline {
  const given = list.field === undefined ? undefined : object[list.field]
  const inside = isHash(given) ? given.data : given
  // An object that was made by number brings its entries itself, as whole objects.
  if (Array.isArray(inside)) return new GivenTimeline(inside as EmulatedObject[])
  const entries = parts.entriesBelow(list, object.id)
  return list.inOrder ? reversed(entries) : entries
}

function composeList(list: ComposedList, object: EmulatedObject, parts: Parts, within?: Expansion): Record<string, unknown> {
  const entries = entriesOf(list, object, parts)
  const { data, hasMore } = pageOf({ timelines: [entries], limit: CUT, keeps: list.keeps })
  return {
    object: 'list',
    data: data.map((entry) => compose(entry, parts, within)),
    has_more: hasMore,
    ...(list.counts && { total_count: entries.count() }),
    url: list.url.replace(':id', object.id),
  }
}

function expand(value: unknown, parts: Parts, within: Expansion): unknown {
  if (typeof value === 'string') return expandId(value, parts, within)
  if (Array.isArray(value)) return value.map((item) => expand(item, parts, within))
  if (!isHash(value)) return value
  if (typeof value.id === 'string' && typeof value.object === 'string') return compose(value as EmulatedObject, parts, within) // its id and kind were just seen
  return { ...value, ...Object.fromEntries(Object.entries(within).flatMap(([field, deeper]) => (field in value ? [[field, expand(value[field], parts, deeper)]] : []))) }
}

/** An id that leads nowhere in the emulated account (an application, a mandate) stays an id. */
function expandId(id: string, parts: Parts, within: Expansion): unknown {
  const found = parts.find(id)
  if (found) return compose(found, parts, within)
  const kind = parts.kindRemoved(id)
  return kind === undefined ? id : { id, object: kind, deleted: true }
}
