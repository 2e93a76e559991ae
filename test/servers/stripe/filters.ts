import { isHash } from './changes'
import { BOOLEANS } from './endpoints'
import type { Query } from './query'
import { Refusal } from './refusal'
import type { EmulatedObject } from './types'

type Filter = (object: EmulatedObject) => boolean

const STATUSES = ['active', 'all', 'canceled', 'ended', 'incomplete', 'incomplete_expired', 'past_due', 'paused', 'trialing', 'unpaid']
const MOST_TYPES = 20

/** Which objects of a kind a list holds by its parameters; undefined when all. Times of creation are not looked at. Throws Refusal. */
export function filterOf(kind: string, query: Query): Filter | undefined {
  const filters: Filter[] = []
  if (kind === 'event') filters.push(...eventFilters(query))
  if (kind === 'subscription') filters.push(...subscriptionFilters(query))
  if (kind === 'payment_method' && !query.texts.has('customer')) filters.push(({ customer }) => typeof customer === 'string')
  for (const [name, value] of query.texts) if (!OWN.has(`${kind}.${name}`) && !PAGING.has(name)) filters.push(textFilter(kind, name, value))
  for (const [name, values] of query.lists) if (name === 'ids' || name === 'lookup_keys') filters.push((object) => values.includes(String(object[name === 'ids' ? 'id' : 'lookup_key'])))
  for (const [name, { from = -Infinity, until = Infinity }] of query.ranges) {
    if (name !== 'created') filters.push(({ [name]: value }) => typeof value === 'number' && value >= from && value <= until)
  }
  for (const [name, asked] of query.hashes) filters.push(({ [name]: held }) => Object.entries(asked).every(([key, value]) => isHash(held) && String(held[key]) === value))
  return filters.length === 0 ? undefined : (object) => filters.every((filter) => filter(object))
}

const PAGING = new Set(['limit', 'starting_after', 'ending_before'])

/** Parameters that filters of their own look at. */
const OWN = new Set(['event.type', 'event.delivery_success', 'subscription.status', 'subscription.plan', 'subscription.price'])

/** Where a parameter is about a field of another name or place. */
const PLACES: Record<string, string[]> = {
  'invoice.subscription': ['parent', 'subscription_details', 'subscription'],
  'promotion_code.coupon': ['promotion', 'coupon'],
}

function textFilter(kind: string, name: string, value: string): Filter {
  if (kind === 'invoiceitem' && name === 'pending') return ({ invoice }) => (invoice === null) === (value === 'true')
  if (kind === 'subscription_schedule' && name === 'scheduled') return ({ status }) => (status === 'not_started') === (value === 'true')
  const place = PLACES[`${kind}.${name}`] ?? [name]
  const wanted = BOOLEANS.has(name) ? value === 'true' : value
  return (object) => place.reduce<unknown>((held, key) => (isHash(held) ? held[key] : undefined), object) === wanted
}

function subscriptionFilters({ texts }: Query): Filter[] {
  const status = texts.get('status')
  if (status !== undefined && !STATUSES.includes(status)) throw new Refusal(400, `Invalid status: must be one of ${STATUSES.slice(0, -1).join(', ')}, or ${STATUSES.at(-1)}`, { param: 'status' })
  if (status === 'all') return []
  if (status === 'ended') return [(object) => object.status === 'canceled' || object.status === 'incomplete_expired']
  return [status === undefined ? (object) => object.status !== 'canceled' : (object) => object.status === status]
}

/** `charge.succeeded`, `charge.*` or `*`; of many types none with a star. */
function eventFilters({ texts, lists }: Query): Filter[] {
  const type = texts.get('type')
  const types = lists.get('types')
  if (type !== undefined && types !== undefined) throw new Refusal(400, 'You may only specify one of these parameters: type, types.', { param: 'type' })
  if (types !== undefined) {
    if (types.length > MOST_TYPES) throw new Refusal(400, `You may only specify up to ${MOST_TYPES} types.`, { param: 'types' })
    if (types.some((name) => name.includes('*'))) throw new Refusal(400, 'Wildcards are not supported in types. Use the type parameter instead.', { param: 'types' })
    const wanted = new Set<unknown>(types)
    return [(event) => wanted.has(event.type)]
  }
  if (type === undefined || type === '*') return []
  if (!type.includes('*')) return [(event) => event.type === type]
  if (!type.endsWith('.*') || type.indexOf('*') < type.length - 1) throw new Refusal(400, `Invalid type: ${type}`, { param: 'type' })
  const group = type.slice(0, -1)
  return [(event) => String(event.type).startsWith(group)]
}
