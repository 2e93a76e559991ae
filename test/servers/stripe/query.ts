import { BOOLEANS, HASHES, LISTS, RANGES } from './endpoints'
import { emptyValue, invalidInteger, Refusal, unknownParameters } from './refusal'

/** The parameters of a request, each in the form that Stripe asks for. */
export interface Query {
  limit: number
  startingAfter?: string
  endingBefore?: string
  expand: string[]
  texts: Map<string, string>
  lists: Map<string, string[]>
  ranges: Map<string, Range>
  hashes: Map<string, Record<string, string>>
}

/** Seconds, both included. */
export interface Range {
  from?: number
  until?: number
}

const PAGING = ['limit', 'starting_after', 'ending_before', 'expand']

/** Reads the parameters of a list, which may also have those that are named. Throws Refusal. */
export function listQuery(search: URLSearchParams, params: string[], required: string[] = []): Query {
  const query = readQuery(search, [...PAGING, ...params])
  for (const name of required) {
    if (!query.texts.get(name)) throw new Refusal(400, `Missing required param: ${name}.`, { code: 'parameter_missing', param: name })
  }
  if (query.startingAfter !== undefined && query.endingBefore !== undefined) {
    throw new Refusal(400, 'Received both starting_after and ending_before parameters. Please pass in only one.', { param: 'starting_after' })
  }
  return query
}

/** Reads the parameters of one object: `expand` alone. */
export function oneQuery(search: URLSearchParams): Query {
  return readQuery(search, ['expand'])
}

function readQuery(search: URLSearchParams, known: string[]): Query {
  const query: Query = { limit: 10, expand: [], texts: new Map(), lists: new Map(), ranges: new Map(), hashes: new Map() }
  const unknown: string[] = []
  for (const [name, value] of search) {
    const [, base = name, inner] = /^([^[]+)(?:\[([^\]]*)\])?$/.exec(name) ?? []
    if (!known.includes(base) || !readInto(query, base, inner, value)) unknown.push(name)
  }
  if (unknown.length > 0) throw unknownParameters(unknown)
  query.expand = query.lists.get('expand') ?? []
  const limit = query.texts.get('limit')
  if (limit !== undefined) query.limit = readLimit(limit)
  query.startingAfter = query.texts.get('starting_after')
  query.endingBefore = query.texts.get('ending_before')
  return query
}

/** False when the parameter has no such inner name. */
function readInto(query: Query, base: string, inner: string | undefined, value: string): boolean {
  if (LISTS.has(base)) {
    if (inner === undefined) throw new Refusal(400, 'Invalid array', { param: base })
    query.lists.set(base, [...(query.lists.get(base) ?? []), value])
    return true
  }
  if (RANGES.has(base)) return readRange(query, base, inner, value)
  if (HASHES.has(base)) {
    if (inner === undefined) throw new Refusal(400, 'Invalid object', { param: base })
    query.hashes.set(base, { ...query.hashes.get(base), [inner]: value })
    return true
  }
  if (inner !== undefined) return false
  if (value === '') throw emptyValue(base)
  if (BOOLEANS.has(base) && value !== 'true' && value !== 'false') throw new Refusal(400, `Invalid boolean: ${value}`, { param: base })
  query.texts.set(base, value)
  return true
}

function readRange(query: Query, base: string, inner: string | undefined, value: string): boolean {
  const seconds = readInteger(value, inner === undefined ? base : `${base}[${inner}]`)
  const range = query.ranges.get(base) ?? {}
  const bounds: Range | null = boundsOf(inner, seconds)
  if (!bounds) return false
  query.ranges.set(base, {
    from: Math.max(range.from ?? -Infinity, bounds.from ?? -Infinity),
    until: Math.min(range.until ?? Infinity, bounds.until ?? Infinity),
  })
  return true
}

function boundsOf(name: string | undefined, seconds: number): Range | null {
  if (name === undefined) return { from: seconds, until: seconds }
  if (name === 'gte') return { from: seconds }
  if (name === 'gt') return { from: seconds + 1 }
  if (name === 'lte') return { until: seconds }
  if (name === 'lt') return { until: seconds - 1 }
  return null
}

function readInteger(value: string, param: string): number {
  if (!/^-?\d+$/.test(value)) throw invalidInteger(param, value)
  return Number(value)
}

function readLimit(value: string): number {
  const limit = readInteger(value, 'limit')
  if (limit < 1) throw new Refusal(400, 'This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param: 'limit' })
  if (limit > 100) throw new Refusal(400, `This value must be less than or equal to 100 (it currently is '${limit}').`, { code: 'parameter_invalid_integer', param: 'limit' })
  return limit
}
