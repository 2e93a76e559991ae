import { AppError, toErrorView, type ErrorView } from '@/lib/core/errors'
import type { SourceColumn } from '@/lib/core/source-column'
import type { DiscoveredSchema, Location } from '../contract'
import { isRecord } from './catalogue/touched'
import { EVENTS } from './catalogue/records'
import { STRIPE_SCHEMAS } from './catalogue/catalogue'
import type { StripeConfig } from './config'
import { locationOf, schemaAt } from './location'
import { openStripe, type StripeApi } from './stripe-client'
import { isExplained, permissionWords } from './stripe-error'
import type { StripeObject, StripeSchema } from './stripe-schema'

/** Every schema, also those that the key may not read, with what it lacks; or those at the given places, with one request for each. */
export async function discoverStripe(config: StripeConfig, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]> {
  const asked = only?.flatMap((location) => schemaAt(location) ?? [])
  if (asked?.length === 0) return []
  const api = openStripe(config)
  try {
    return await probeSchemas(api, config, signal, asked)
  } finally {
    api.close()
  }
}

/** Ends with the first failure that concerns them all: a wrong key, a lost connection. */
export async function probeSchemas(api: StripeApi, config: StripeConfig, signal: AbortSignal, asked: StripeSchema[] = STRIPE_SCHEMAS): Promise<DiscoveredSchema[]> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const probes = new Map<string, Promise<Probe>>()
  const probeOnce = (schema: StripeSchema) => {
    const { path, query } = probeOf(schema)
    const key = JSON.stringify([path, query])
    const known = probes.get(key) ?? probe(api, path, query, either)
    probes.set(key, known)
    return known
  }
  const described = asked.map(async (schema) => describe(schema, config, await probeOnce(schema)))
  try {
    const schemas = await Promise.all(described)
    // Without events nothing tells what changed. Looked at only where they are probed anyhow: a sync asks for its own schema.
    const events = asked.includes(EVENTS) ? (await probeOnce(EVENTS)).problem : null
    return events?.code === 'permission' ? schemas.map((schema, index) => (asked[index]?.feed && !schema.problem ? { ...schema, problem: permissionProblem(EVENTS, config) } : schema)) : schemas
  } catch (error) {
    stop.abort()
    throw error
  } finally {
    await Promise.allSettled(described)
  }
}

interface Probe {
  found: StripeObject | undefined
  problem: AppError | null
}

function probeOf({ list, nested }: StripeSchema): { path: string; query: Record<string, string | string[]> } {
  if (nested?.probe !== undefined) return { path: nested.probe, query: {} }
  return { path: list.path, query: { ...list.query, ...(list.expand && { expand: list.expand }) } }
}

async function probe(api: StripeApi, path: string, query: Record<string, string | string[]>, signal: AbortSignal): Promise<Probe> {
  try {
    const { data } = await api.list(path, { ...query, limit: '1' }, signal)
    return { found: data[0], problem: null }
  } catch (error) {
    if (error instanceof AppError && isOfOneSchema(error)) return { found: undefined, problem: error }
    throw error
  }
}

/** A permission that is missing, or a list that this account does not have; every other failure would meet all schemas. */
function isOfOneSchema({ code, isRetryable }: AppError): boolean {
  return !isRetryable && ['permission', 'missing_table', 'not_found', 'source'].includes(code)
}

function describe(schema: StripeSchema, config: StripeConfig, { found, problem }: Probe): DiscoveredSchema {
  const known = describeSchema(schema)
  return { ...known, columns: [...known.columns, ...newColumns(schema, found)], problem: problem && problemOf(schema, config, problem) }
}

/** The schema at a location, as it is for everybody; null when Stripe has none there. */
export function describeStripe(location: Location): DiscoveredSchema | null {
  const schema = schemaAt(location)
  return schema ? describeSchema(schema) : null
}

function describeSchema(schema: StripeSchema): DiscoveredSchema {
  return {
    name: schema.name,
    location: locationOf(schema),
    kind: 'list',
    columns: schema.columns,
    primaryKey: schema.primaryKey,
    rowsEstimate: null,
    bytesEstimate: null,
    replicationKeys: [],
    tracking: schema.feed || schema.lookBack ? 'changes' : 'listing',
    isOpen: true,
    ...(schema.forgets && { forgets: true }),
    problem: null,
  }
}

function problemOf(schema: StripeSchema, config: StripeConfig, problem: AppError): ErrorView {
  // Where Stripe names what is missing it knows best.
  if (problem.code !== 'permission' || isExplained(problem)) return toErrorView(problem)
  return { ...permissionProblem(schema, config), detail: problem.detail }
}

function permissionProblem({ permission }: StripeSchema, config: StripeConfig): ErrorView {
  return { code: 'permission', isRetryable: false, ...permissionWords(permission, config) }
}

/** Fields that Stripe sends and its package does not know yet. */
function newColumns({ columns, nested }: StripeSchema, found: StripeObject | undefined): SourceColumn[] {
  const row = nested && nested.probe === undefined ? firstNested(found, nested.field) : found
  const known = new Set(columns.map(({ name }) => name))
  return Object.keys(row ?? {})
    .filter((name) => !known.has(name) && name !== 'deleted')
    .map((name) => ({ name, sourceType: 'object', type: 'JSON', encoding: 'plain', nullable: true, note: 'Newer than the known description of Stripe’s API; kept as JSON' }))
}

function firstNested(found: StripeObject | undefined, field: string | null): Record<string, unknown> | undefined {
  const held = field === null ? undefined : found?.[field]
  const rows = Array.isArray(held) ? held : isRecord(held) && Array.isArray(held.data) ? held.data : [held]
  return rows.find(isRecord)
}
