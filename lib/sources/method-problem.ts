import type { DiscoveredSchema } from '@/lib/connectors/contract'

export interface MethodSetting {
  method: 'full' | 'incremental' | null
  /** None where the source's own record of changes is followed. */
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
  if (setting.method === 'full' && schema.tracking === 'files') return `${schema.name} is made of files, of which the new and changed ones are read: ask for a full resync to read them all`
  if (setting.method !== 'incremental') return null
  const problem = schema.tracking ? trackingProblem(schema, setting) : replicationKeyProblem(schema, setting)
  if (problem !== null) return problem
  const needed = setting.replicationKey === null ? setting.keyColumns : [setting.replicationKey, ...setting.keyColumns]
  const missing = needed.find((name) => setting.columnNames && !setting.columnNames.includes(name))
  return missing === undefined ? null : `The column ${missing} of ${schema.name} is needed for incremental syncs`
}

function replicationKeyProblem({ name, replicationKeys }: DiscoveredSchema, { replicationKey, keyColumns }: MethodSetting): string | null {
  if (!replicationKey) return `Choose a replication key for ${name}: the column that tells new and updated rows`
  const key = replicationKeys.find((candidate) => candidate.name === replicationKey)
  if (!key) return `${name} has no column ${replicationKey} that could be the replication key`
  if (!key.ok) return `${key.name} cannot be the replication key of ${name}: ${key.reason}`
  return keyColumns.length ? null : `${name} has no primary key: choose the columns that tell its rows apart, or sync it as a full table`
}

/** What the source tells of its changes, it tells by its own key. */
function trackingProblem({ name, tracking, primaryKey }: DiscoveredSchema, { replicationKey, keyColumns }: MethodSetting): string | null {
  if (tracking === 'listing') return `Its source does not tell what changes in ${name}: sync it as a full table`
  if (replicationKey !== null) return tracking === 'files' ? `${name} is made of files: it takes no replication key` : `${name} follows the changes that its source tells: it takes no replication key`
  const isPrimaryKey = keyColumns.length === primaryKey.length && primaryKey.every((column) => keyColumns.includes(column))
  return isPrimaryKey ? null : `The rows of ${name} are told apart by ${primaryKey.join(', ')}, as its source tells what changed`
}
