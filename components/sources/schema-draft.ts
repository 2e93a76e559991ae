import { lookBackKind, lookBackProblem, type LookBackKind } from '@/lib/core/look-back'
import type { ReplicationKey, SchemaSettings, ChangeSchemasInput } from '@/lib/sources/schema'
import type { Frequency } from '@/lib/syncs/schema'

/** The settings of a schema as they stand in its dialog. */
export interface SchemaDraft {
  method: 'full' | 'incremental'
  replicationKey: string | null
  /** Null for the usual one of the key's type, NaN while it is no amount. */
  lookBack: number | null
  keyColumns: string[]
  /** Null for every column. */
  columnNames: string[] | null
  frequency: Frequency
  /** How often everything is listed again; null for never. */
  reconcileFrequency: Frequency | null
  /** From which share of the rows on a version waits for a decision; null for never. */
  brakePercent: number | null
  /** Verify after each sync; null: as long as the table has few rows enough. */
  proves: boolean | null
}

export function draftOf({ schema, replicationKeys }: SchemaSettings): SchemaDraft {
  const { method, replicationKey, lookBack, primaryKey, columnNames, frequency, reconcileFrequency, brakePercent, proves } = schema
  const keyColumns = schema.keyColumns.length ? schema.keyColumns : primaryKey
  const shared = { lookBack, columnNames, frequency, reconcileFrequency, brakePercent, proves }
  if (schema.tracking === 'changes') return { ...shared, method: method ?? 'incremental', replicationKey: null, keyColumns: primaryKey }
  return { ...shared, method: method ?? 'full', replicationKey: replicationKey ?? suggestedKey(replicationKeys)?.name ?? null, keyColumns }
}

/** A time of change serves best; a number that only counts new rows misses updates. */
function suggestedKey(keys: ReplicationKey[]): ReplicationKey | undefined {
  const able = keys.filter((key) => key.ok)
  return able.find((key) => /(updat|modif|chang)/i.test(key.name)) ?? able[0]
}

/** What a look-back is counted in; null where nothing can be taken off the replication key. */
export function draftLookBackKind({ columns }: SchemaSettings, { method, replicationKey }: SchemaDraft): LookBackKind | null {
  const column = method === 'incremental' ? columns.find(({ name }) => name === replicationKey) : undefined
  return column ? lookBackKind(column.type) : null
}

/** Another replication key; a look-back that was counted in something else is the usual one again. */
export function withReplicationKey(settings: SchemaSettings, draft: SchemaDraft, replicationKey: string): SchemaDraft {
  const next = { ...draft, replicationKey }
  return draftLookBackKind(settings, next) === draftLookBackKind(settings, draft) ? next : { ...next, lookBack: null }
}

/** What an incremental sync cannot do without; they are synced whatever is chosen. */
export function neededColumns(draft: SchemaDraft): string[] {
  return draft.method === 'incremental' ? [...draft.keyColumns, ...(draft.replicationKey ? [draft.replicationKey] : [])] : []
}

/** Why the draft cannot be saved; null when it can. The server has the last word. */
export function draftProblem(settings: SchemaSettings, draft: SchemaDraft): string | null {
  const { schema } = settings
  if (draft.columnNames?.length === 0) return 'Choose at least one column'
  if (draft.method === 'full' || schema.tracking === 'changes') return null
  if (!draft.replicationKey) return 'Choose a replication key'
  if (!draft.keyColumns.length) return 'Choose the key columns that tell rows apart'
  return draftLookBackKind(settings, draft) ? lookBackProblem(draft.lookBack) : null
}

/** Only what differs: a setting that isn't sent isn't changed. Null when nothing does. */
export function draftChange(settings: SchemaSettings, draft: SchemaDraft): ChangeSchemasInput['change'] | null {
  const { schema } = settings
  const change: ChangeSchemasInput['change'] = {}
  const columnNames = draft.columnNames && [...new Set([...draft.columnNames, ...neededColumns(draft)])]
  if (draft.frequency !== schema.frequency) change.frequency = draft.frequency
  if (draft.reconcileFrequency !== schema.reconcileFrequency) change.reconcileFrequency = draft.reconcileFrequency
  if (draft.brakePercent !== schema.brakePercent) change.brakePercent = draft.brakePercent
  if (draft.proves !== schema.proves) change.proves = draft.proves
  if (!isSame(columnNames, schema.columnNames)) change.columnNames = columnNames
  if (draft.method !== schema.method) change.method = draft.method
  if (draft.method === 'incremental') {
    if (draft.replicationKey !== schema.replicationKey) change.replicationKey = draft.replicationKey
    if (draftLookBackKind(settings, draft) && draft.lookBack !== schema.lookBack) change.lookBack = draft.lookBack
    if (!isSame(draft.keyColumns, schema.keyColumns)) change.keyColumns = draft.keyColumns
  }
  return Object.keys(change).length ? change : null
}

/** Does the change make the next sync read every row again? */
export function readsAllAgain(settings: SchemaSettings, draft: SchemaDraft): boolean {
  const { schema } = settings
  if (schema.version === null || schema.method !== 'incremental' || draft.method !== 'incremental') return false
  return draft.replicationKey !== schema.replicationKey || !isSame(draft.keyColumns, schema.keyColumns)
}

function isSame(a: string[] | null, b: string[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((name) => b.includes(name))
}
