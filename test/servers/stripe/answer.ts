import type { AccountStore } from './account-store'
import { compose, entriesOf, type Expansion } from './compose'
import { COMPOSED } from './composed'
import type { Endpoint } from './endpoints'
import { expansionOf } from './expansion'
import { filterOf } from './filters'
import { pageOf, UnknownCursor, type PageAsked } from './page'
import { listQuery, oneQuery, type Query } from './query'
import { noSuchObject, noSuchParameter } from './refusal'
import type { Route } from './routes'
import type { Timeline } from './timeline'
import type { EmulatedObject } from './types'

export interface Asked {
  store: AccountStore
  account: string
  path: string
  search: URLSearchParams
}

/** The body of the answer to a request that may be answered. Throws Refusal. */
export function answer({ route, ids }: { route: Route; ids: string[] }, asked: Asked): Buffer {
  switch (route.kind) {
    case 'list':
      return listOf(route, asked)
    case 'below':
      return listBelow(route, ids[0] ?? '', asked)
    case 'one':
      return one(route, ids, asked)
    case 'account':
      return accountOf(ids[0] ?? asked.account, asked)
  }
}

function listOf({ endpoint }: Extract<Route, { kind: 'list' }>, { store, path, search }: Asked): Buffer {
  const query = listQuery(search, endpoint.params, endpoint.required)
  const expansion = expansionOf(query.expand, endpoint.object, true)
  const keeps = filterOf(endpoint.object, query)
  return pageOfKind(endpoint.object, path, { timelines: timelinesOf(endpoint, query, store), query, keeps, expansion, store })
}

/** A list that continues one inside of an object (`/v1/subscription_items?subscription=`) has the same order as that one. */
function timelinesOf({ path, object }: Endpoint, { texts }: Query, store: AccountStore): Timeline[] {
  for (const list of COMPOSED) {
    const id = list.url === `${path}?${list.parent}=:id` ? texts.get(list.parent) : undefined
    if (id === undefined) continue
    const parent = store.find(id)
    if (parent?.object !== list.of) throw noSuchParameter(list.of, id, list.parent)
    return [entriesOf(list, parent, store)]
  }
  return store.timelines(object)
}

function listBelow({ list, params }: Extract<Route, { kind: 'below' }>, id: string, { store, path, search }: Asked): Buffer {
  const parent = store.find(id)
  if (parent?.object !== list.of) throw noSuchObject(list.of, id)
  const query = listQuery(search, params)
  const expansion = expansionOf(query.expand, list.child, true)
  const keeps = params.length > 0 ? filterOf(list.child, { ...query, texts: new Map([...query.texts, [list.parent, id]]) }) : list.keeps
  return pageOfKind(list.child, path, { timelines: [entriesOf(list, parent, store)], query, keeps, expansion, store })
}

interface Page extends Pick<PageAsked, 'timelines' | 'keeps'> {
  query: Query
  expansion: Expansion
  store: AccountStore
}

function pageOfKind(kind: string, url: string, { timelines, query, keeps, expansion, store }: Page): Buffer {
  const { limit, startingAfter, endingBefore, ranges } = query
  try {
    const { data, hasMore } = pageOf({ timelines, limit, keeps, startingAfter, endingBefore, ...ranges.get('created') })
    const parts: Buffer[] = [LIST]
    for (const object of data) parts.push(bytesOf(object, store, expansion), COMMA)
    if (data.length > 0) parts.pop()
    return Buffer.concat([...parts, Buffer.from(`],"has_more":${hasMore},"url":${JSON.stringify(url)}}`)])
  } catch (error) {
    throw error instanceof UnknownCursor ? noSuchParameter(kind, error.id, error.param) : error
  }
}

function one({ object: kind, below }: Extract<Route, { kind: 'one' }>, ids: string[], { store, search }: Asked): Buffer {
  const id = ids.at(-1) ?? ''
  const expansion = expansionOf(oneQuery(search).expand, kind, false)
  const object = store.find(id)
  if (object?.object === kind && (!below || object[below.parent] === ids[0])) return bytesOf(object, store, expansion)
  // Only customers are still told of; every other deleted object is as one that never was.
  if (kind === 'customer' && store.kindRemoved(id) === kind) return Buffer.from(JSON.stringify({ id, object: kind, deleted: true }))
  throw noSuchObject(kind, id)
}

function accountOf(id: string, { store, account, search }: Asked): Buffer {
  oneQuery(search)
  if (id !== account) throw noSuchObject('account', id)
  const name = `Account ${id.slice(-4)}`
  const made = { id, object: 'account', business_profile: { name }, charges_enabled: true, country: 'US', created: null, default_currency: 'usd', settings: { dashboard: { display_name: name, timezone: 'Etc/UTC' } }, type: 'standard' }
  return Buffer.from(JSON.stringify(store.find(id) ?? made))
}

const LIST = Buffer.from('{"object":"list","data":[')
const COMMA = Buffer.from(',')

/** Frozen objects always read the same. */
const written = new WeakMap<object, Buffer>()

/** Encoded one by one: a whole page as one text would take three times as long to encode. */
function bytesOf(object: EmulatedObject, store: AccountStore, expansion: Expansion): Buffer {
  const sent = compose(object, store, expansion)
  if (sent !== object) return Buffer.from(JSON.stringify(sent))
  const known = written.get(object)
  if (known !== undefined) return known
  const bytes = Buffer.from(JSON.stringify(sent))
  if (Object.isFrozen(object)) written.set(object, bytes)
  return bytes
}
