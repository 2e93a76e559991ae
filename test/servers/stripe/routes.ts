import { COMPOSED, LISTED_BELOW, type ComposedList } from './composed'
import { ENDPOINTS, PARAMS_BELOW, type Endpoint } from './endpoints'

export type Route =
  | { kind: 'list'; endpoint: Endpoint }
  | { kind: 'one'; object: string; permission: string; below?: Pick<ComposedList, 'of' | 'parent'> }
  | { kind: 'below'; list: Pick<ComposedList, 'of' | 'child' | 'parent'> & Partial<ComposedList>; permission: string; params: string[] }
  | { kind: 'account'; permission: string }

/** Entries of lists below objects that have an address of their own there. */
const ALSO_BY_ID = new Set(['tax_id', 'payment_method', 'transfer_reversal', 'fee_refund', 'refund'])

const ROUTES = new Map<string, Route>()
const ownPermission = (object: string) => ENDPOINTS.find((endpoint) => endpoint.object === object)?.permission

for (const endpoint of ENDPOINTS) {
  ROUTES.set(endpoint.path, { kind: 'list', endpoint })
  ROUTES.set(`${endpoint.path}/:id`, { kind: 'one', object: endpoint.object, permission: endpoint.permission })
}
for (const list of [...COMPOSED, ...LISTED_BELOW]) {
  if (list.url.includes('?')) continue // a list of its own, filtered
  const permission = ownPermission(list.child) ?? ownPermission(list.of) ?? list.of
  ROUTES.set(list.url, { kind: 'below', list, permission, params: PARAMS_BELOW[list.url] ?? [] })
  if (ALSO_BY_ID.has(list.child)) ROUTES.set(`${list.url}/:id`, { kind: 'one', object: list.child, permission, below: list })
}
ROUTES.set('/v1/tax_ids/:id', { kind: 'one', object: 'tax_id', permission: 'customer' })
ROUTES.set('/v1/account', { kind: 'account', permission: 'accounts_kyc_basic' })
ROUTES.set('/v1/accounts/:id', { kind: 'account', permission: 'accounts_kyc_basic' })

/** What is at an address, and the ids in it; null when Stripe knows no such address. */
export function routeOf(path: string): { route: Route; ids: string[] } | null {
  const exact = ROUTES.get(path)
  if (exact) return { route: exact, ids: [] }
  const parts = path.split('/')
  const last = parts.length - 1
  for (const places of [[last], [last - 1], [last - 2, last]]) {
    const route = ROUTES.get(parts.map((part, index) => (places.includes(index) ? ':id' : part)).join('/'))
    const ids = places.map((place) => decoded(parts[place] ?? ''))
    if (route && ids.every((id) => id !== '')) return { route, ids }
  }
  return null
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // no escape of anything: it is an id that nobody has
  }
}
