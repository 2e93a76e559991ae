import type pg from 'pg'
import { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'
import type { DiscoveredSchema, Location, ReplicationKey, SourceColumn } from '../contract'
import { COLUMNS, KEYS, RELATIONS, SESSION, TYPES } from './catalogue-sql'
import type { PostgresConfig } from './config'
import { connectPostgres } from './connect'
import { queryError, rowSecurityWords } from './postgres-error'
import { quoteName } from './sql-text'
import { beginReadOnly } from './transaction'
import { isNotNullDomain, mapType, replicationKeyRefusal, type PgType, type TypeContext } from './types'

export const PostgresLocation = z.object({ namespace: z.string(), table: z.string() })

const DISCOVERY_SECONDS = 120

const KINDS: Record<string, DiscoveredSchema['kind']> = { r: 'table', p: 'partitioned table', v: 'view', m: 'materialised view', f: 'foreign table' }

/** A view that is made anew has the rows that it had. */
const HAS_ROWS = new Set(['r', 'p', 'f'])

interface SessionRow {
  version: number
  versionText: string
  blockSize: number
  moneyScale: number
  user: string
}

interface RelationRow {
  oid: number
  namespace: string
  name: string
  kind: string
  rows: number | null
  pages: number | null
  is_populated: boolean
  has_usage: boolean
  has_select: boolean
  is_filtered: boolean
}

/** attrelid, attnum, name, type in words, type oid, type modifier, not null, readable */
type ColumnRow = [number, number, string, string, number, number, boolean, boolean]

interface KeyRow {
  relation: number
  columns: number[]
  is_primary: boolean
}

/** Every table, partitioned table (once), view, materialised view and foreign table that the user can see, in order of their names. */
export async function discoverPostgres(config: PostgresConfig, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]> {
  if (only?.length === 0) return []
  const session = await connectPostgres(config, signal)
  const onAbort = () => void session.abandon()
  signal.addEventListener('abort', onAbort)
  try {
    await beginReadOnly(session.client, DISCOVERY_SECONDS)
    return await readCatalogue(session.client, config, only)
  } catch (error) {
    throw queryError(error, config, signal, 'Reading the catalogue')
  } finally {
    signal.removeEventListener('abort', onAbort)
    await session.close()
  }
}

/** Inside a transaction that is open. */
export async function readCatalogue(client: pg.Client, config: PostgresConfig, only?: Location[]): Promise<DiscoveredSchema[]> {
  await client.query(`SET LOCAL search_path = ''`) // each type's name is printed with its schema
  const [session] = (await client.query<SessionRow>(SESSION)).rows
  if (!session) return []
  const places = only?.map((location) => PostgresLocation.parse(location))
  const relations = (
    await client.query<RelationRow>(RELATIONS, [config.schema || null, places?.map(({ namespace }) => namespace) ?? null, places?.map(({ table }) => table) ?? null, session.version >= 140_000])
  ).rows
  const oids = relations.map(({ oid }) => oid)
  const columns = (await client.query<ColumnRow>({ text: COLUMNS, values: [oids], rowMode: 'array' })).rows
  const types = (await client.query<PgType>(TYPES, [[...new Set(columns.map((column) => column[4]))]])).rows
  const keys = (await client.query<KeyRow>(KEYS, [oids])).rows
  const context: TypeContext = { types: new Map(types.map((type) => [type.oid, type])), moneyScale: session.moneyScale }
  const columnsOf = groupBy(columns, (column) => column[0])
  const keysOf = groupBy(keys, (key) => key.relation)
  const names = shownNames(relations, config.schema !== '')
  return relations.map((relation, index) =>
    describe(relation, { name: names[index] ?? relation.name, columns: columnsOf.get(relation.oid) ?? [], keys: keysOf.get(relation.oid) ?? [], context, session, user: config.user }),
  )
}

interface Details {
  name: string
  columns: ColumnRow[]
  keys: KeyRow[]
  context: TypeContext
  session: SessionRow
  user: string
}

function describe(relation: RelationRow, { name, columns, keys, context, session, user }: Details): DiscoveredSchema {
  const readable = columns.filter((column) => column[7])
  const primary = keys.find((key) => key.is_primary)?.columns.map((number) => readable.find((column) => column[1] === number)?.[2]) ?? []
  const indexed = new Set(keys.map((key) => key.columns[0]))
  return {
    name,
    location: { namespace: relation.namespace, table: relation.name },
    kind: KINDS[relation.kind] ?? 'table',
    ...(HAS_ROWS.has(relation.kind) ? { identity: String(relation.oid) } : {}),
    columns: readable.map((column) => sourceColumn(column, context)),
    // A key of which a column cannot be read is no key to us.
    primaryKey: primary.every((column) => column !== undefined) ? primary : [],
    rowsEstimate: relation.rows === null ? null : Math.round(relation.rows),
    bytesEstimate: relation.pages === null ? null : relation.pages * session.blockSize,
    replicationKeys: readable.map((column) => replicationKey(column, relation.kind, indexed, context)),
    // what a view or a foreign table gives may be another thing each time, in one snapshot too
    isComparable: ['r', 'p', 'm'].includes(relation.kind),
    problem: problemOf(relation, columns, readable, user),
  }
}

function sourceColumn([, , name, sourceType, oid, modifier, notNull]: ColumnRow, context: TypeContext): SourceColumn {
  const { type, encoding, note, fidelity } = mapType(oid, modifier, context)
  return { name, sourceType, type, encoding, nullable: !notNull && !isNotNullDomain(oid, context), ...(note !== undefined && { note }), ...(fidelity && { fidelity }) }
}

function replicationKey([, number, name, type, oid, modifier, notNull]: ColumnRow, kind: string, indexed: Set<number | undefined>, context: TypeContext): ReplicationKey {
  const reason = replicationKeyRefusal(oid, modifier, context)
  if (reason) return { name, type, ok: false, reason, warnings: [] }
  const warnings: string[] = []
  if (!notNull && !isNotNullDomain(oid, context)) warnings.push(kind === 'v' || kind === 'm' ? 'It may be empty: rows without a value are read again by every sync' : 'It is nullable: rows without a value are read again by every sync')
  if (kind === 'v' || kind === 'f') warnings.push(`A ${KINDS[kind]} has no index of its own: every sync may read all of it at the source`)
  else if (!indexed.has(number)) warnings.push('No index begins with it: every sync scans the whole table at the source')
  return { name, type, ok: true, reason: null, warnings }
}

function problemOf(relation: RelationRow, columns: ColumnRow[], readable: ColumnRow[], user: string): ErrorView | null {
  const label = `${quoteName(relation.namespace)}.${quoteName(relation.name)}`
  const reader = quoteName(user)
  const permission = (title: string, detail: string, advice: string): ErrorView => ({ code: 'permission', title, detail, advice, isRetryable: false })
  if (!relation.has_usage) return permission(`User ${user} may not use the schema ${relation.namespace}`, `USAGE on it is missing, so that ${label} cannot be read`, `Run: GRANT USAGE ON SCHEMA ${quoteName(relation.namespace)} TO ${reader}; GRANT SELECT ON ${label} TO ${reader}`)
  if (columns.length > 0 && readable.length === 0) return permission(`User ${user} may not read ${label}`, 'SELECT on it is missing', `Run: GRANT SELECT ON ${label} TO ${reader}`)
  if (relation.is_filtered) return { ...rowSecurityWords(user), code: 'permission', isRetryable: false }
  if (relation.kind === 'm' && !relation.is_populated) return { code: 'source', title: `${label} has never been filled`, detail: 'It is a materialised view without data', advice: `Run: REFRESH MATERIALIZED VIEW ${label}`, isRetryable: false }
  if (columns.length === 0) return { code: 'invalid', title: `${label} has no columns`, detail: 'There is nothing to copy', advice: 'Leave it out', isRetryable: false }
  return null
}

/**
 * The plain name where one schema was asked for, else `schema.table`; where dots inside names would make two of
 * them read the same, their parts are quoted.
 */
function shownNames(relations: RelationRow[], isOneSchema: boolean): string[] {
  if (isOneSchema) return relations.map(({ name }) => name)
  const names = relations.map(({ namespace, name }) => `${namespace}.${name}`)
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return relations.map(({ namespace, name }, index) => (counts.get(names[index] ?? '') === 1 ? `${namespace}.${name}` : `${quoteName(namespace)}.${quoteName(name)}`))
}

function groupBy<Row, Key>(rows: Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
