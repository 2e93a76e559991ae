import type { DiscoveredSchema } from '@/lib/connectors/contract'

export interface MethodSetting {
  method: 'full' | 'incremental' | null
  replicationKey: string | null
  keyColumns: string[]
  columnNames: string[] | null
}

/** Why a schema cannot be synced with this setting, in words; null when it can. */
export function methodProblem(schema: DiscoveredSchema, setting: MethodSetting): string | null {
  const known = new Set(schema.columns.map((column) => column.name))
  const strange = [...setting.keyColumns, ...(setting.columnNames ?? [])].find((name) => !known.has(name))
  if (strange !== undefined) return `${schema.name} has no column ${strange}`
  if (setting.columnNames?.length === 0) return `Choose at least one column of ${schema.name}`
  if (setting.method !== 'incremental') return null
  if (!setting.replicationKey) return `Choose a replication key for ${schema.name}: the column that tells new and updated rows`
  const key = schema.replicationKeys.find((candidate) => candidate.name === setting.replicationKey)
  if (!key) return `${schema.name} has no column ${setting.replicationKey} that could be the replication key`
  if (!key.ok) return `${key.name} cannot be the replication key of ${schema.name}: ${key.reason}`
  if (!setting.keyColumns.length) return `${schema.name} has no primary key: choose the columns that tell its rows apart, or sync it as a full table`
  const missing = [setting.replicationKey, ...setting.keyColumns].find((name) => setting.columnNames && !setting.columnNames.includes(name))
  return missing === undefined ? null : `The column ${missing} of ${schema.name} is needed for incremental syncs`
}
