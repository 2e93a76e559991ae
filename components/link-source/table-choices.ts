import { lookBackKind, lookBackProblem, type LookBackKind } from '@/lib/core/look-back'
import type { DiscoveredSchema, ReplicationKey, SchemaChoice } from '@/lib/sources/schema'

/** How one table will be synced. Kept whether the table is ticked or not. */
export interface TableChoice {
  method: 'full' | 'incremental'
  replicationKey: string | null
  /** How far below its cursor each sync begins; absent or null for the usual one of the key's type, NaN while it is no amount. */
  lookBack?: number | null
  keyColumns: string[]
  /** Null for every column, also those that appear later. */
  columnNames: string[] | null
}

/** Many names say "when this row last changed": updated_at, modifiedOn, last_changed, SystemModstamp. */
const CHANGE_TIME = /(^|_)(last_)?(updated?|modified|modification|changed?|modstamp)(_?(at|on|date|time|timestamp|ts|dt))?$/

/** The key that a table is best read by, when one of its columns says by its name that it marks changes. */
export function suggestedKey(schema: DiscoveredSchema): ReplicationKey | undefined {
  const named = schema.replicationKeys.filter((key) => key.ok && CHANGE_TIME.test(snake(key.name)))
  return named.find((key) => key.warnings.length === 0) ?? named[0]
}

function snake(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
}

/** Is it known what changes, deletions too, from the source's record or from its files? An incremental sync then follows that, and needs no replication key. */
export function followsChanges(schema: DiscoveredSchema): boolean {
  return schema.tracking === 'changes' || schema.tracking === 'files'
}

/** Incremental where the table says how, else the method that every table can have. */
export function suggestChoice(schema: DiscoveredSchema): TableChoice {
  if (followsChanges(schema)) return { method: 'incremental', replicationKey: null, keyColumns: schema.primaryKey, columnNames: null }
  const key = schema.primaryKey.length ? suggestedKey(schema) : undefined
  return { method: key ? 'incremental' : 'full', replicationKey: key?.name ?? null, keyColumns: schema.primaryKey, columnNames: null }
}

/** Why a table cannot be synced incrementally whatever is chosen; null when it can. */
export function incrementalProblem(schema: DiscoveredSchema): string | null {
  if (followsChanges(schema) || schema.replicationKeys.some((key) => key.ok)) return null
  if (schema.tracking === 'listing') return 'Its source does not tell what changes'
  return 'No column can serve as its replication key'
}

/** What is missing for this choice, in words; null when the table can be synced so. */
export function choiceProblem(schema: DiscoveredSchema, choice: TableChoice): string | null {
  if (choice.columnNames?.length === 0) return 'Choose at least one column'
  if (choice.method === 'full' || followsChanges(schema)) return null
  if (!choice.replicationKey) return 'Choose the replication key'
  if (!choice.keyColumns.length) return 'Choose the columns that tell its rows apart: without them an updated row would be stored twice'
  return choiceLookBackKind(schema, choice) ? lookBackProblem(choice.lookBack) : null
}

/** What a look-back is counted in; null where nothing can be taken off the replication key. */
export function choiceLookBackKind(schema: DiscoveredSchema, { method, replicationKey }: Pick<TableChoice, 'method' | 'replicationKey'>): LookBackKind | null {
  const column = method === 'incremental' ? schema.columns.find(({ name }) => name === replicationKey) : undefined
  return column ? lookBackKind(column.type) : null
}

/** The columns that the choice cannot do without. */
export function neededColumns(schema: DiscoveredSchema, choice: TableChoice): Set<string> {
  const needed = new Set(schema.primaryKey)
  if (choice.method !== 'incremental') return needed
  for (const name of choice.keyColumns) needed.add(name)
  if (choice.replicationKey) needed.add(choice.replicationKey)
  return needed
}

/** A choice with another method; columns that it now needs come along. */
export function withMethod(schema: DiscoveredSchema, choice: TableChoice, method: Pick<TableChoice, 'method' | 'replicationKey' | 'keyColumns' | 'lookBack'>): TableChoice {
  if (schema.tracking === 'files') return choice
  const isOtherKind = choiceLookBackKind(schema, choice) !== choiceLookBackKind(schema, method)
  const next = { ...choice, ...(isOtherKind ? { lookBack: null } : {}), ...method }
  return { ...next, columnNames: withNeeded(schema, next) }
}

function withNeeded(schema: DiscoveredSchema, choice: TableChoice): string[] | null {
  if (!choice.columnNames) return null
  const wanted = new Set([...choice.columnNames, ...neededColumns(schema, choice)])
  return schema.columns.map((column) => column.name).filter((name) => wanted.has(name))
}

/** Incremental on this column where the table can have it; null where it cannot. */
export function incrementalOn(schema: DiscoveredSchema, choice: TableChoice, keyName: string): TableChoice | null {
  const keyColumns = choice.keyColumns.length ? choice.keyColumns : schema.primaryKey
  if (!keyColumns.length || !schema.replicationKeys.some((key) => key.ok && key.name === keyName)) return null
  return withMethod(schema, choice, { method: 'incremental', replicationKey: keyName, keyColumns })
}

/** The columns that most of these tables could be read by, the commonest first. */
export function commonKeys(schemas: DiscoveredSchema[], limit = 5): { name: string; tables: number }[] {
  const counts = new Map<string, number>()
  for (const schema of schemas) {
    if (!schema.primaryKey.length) continue
    for (const key of schema.replicationKeys) if (key.ok) counts.set(key.name, (counts.get(key.name) ?? 0) + 1)
  }
  const isTime = (name: string) => Number(CHANGE_TIME.test(snake(name)))
  return [...counts]
    .map(([name, tables]) => ({ name, tables }))
    .sort((a, b) => isTime(b.name) - isTime(a.name) || b.tables - a.tables || a.name.localeCompare(b.name))
    .slice(0, limit)
}

/** "Follow changes", "New and changed files", "Incremental · updated_at", "Full table". */
export function choiceLabel(schema: DiscoveredSchema, choice: TableChoice): string {
  if (schema.tracking === 'files') return 'New and changed files'
  if (choice.method === 'full') return 'Full table'
  return followsChanges(schema) ? 'Follow changes' : `Incremental · ${choice.replicationKey ?? '?'}`
}

export function toSchemaChoice(schema: DiscoveredSchema, choice: TableChoice): SchemaChoice {
  const isIncremental = choice.method === 'incremental'
  return {
    name: schema.name,
    method: choice.method,
    replicationKey: isIncremental ? choice.replicationKey : null,
    columnNames: choice.columnNames,
    ...(choiceLookBackKind(schema, choice) && choice.lookBack != null && { lookBack: choice.lookBack }),
    ...(isIncremental && choice.keyColumns.join('\0') !== schema.primaryKey.join('\0') && { keyColumns: choice.keyColumns }),
  }
}

/** A first selection that few would want to change: every table of a source of usual size, no view. */
export function initialSelection(schemas: DiscoveredSchema[]): Set<string> {
  const readable = schemas.filter((schema) => !schema.problem && schema.kind !== 'view')
  return new Set(readable.length <= 100 ? readable.map((schema) => schema.name) : [])
}
