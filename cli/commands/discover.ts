import type { DiscoveredSchema } from '@/lib/sources/schema'
import { discoverConfig } from '@/lib/sources/discover-config'
import { formatCount } from '@/lib/core/format'
import { fidelityOf } from '@/lib/sources/fidelity-schema'
import { discoverFilesConfig } from '@/lib/sources/files/discover-files-config'
import { readConfig } from '../read-config'
import { parseTables, type TableOptions } from '../table-options'
import type { Terminal } from '../terminal'
import { textTable } from '../text-table'

export async function discover(terminal: Terminal, connector: string, options: TableOptions & { config: string }): Promise<void> {
  const tables = parseTables(options)
  const config = await readConfig(options.config)
  const schemas = tables.length ? await discoverFilesConfig(connector, config, tables, terminal.signal) : (await discoverConfig(connector, config, terminal.signal)).schemas
  terminal.result(schemas.map(schemaDocument), () => textTable(
    ['schema', 'kind', 'rows', 'columns', 'primary key', 'replication keys'],
    schemas.map((schema) => [
      schema.name,
      schema.problem ? schema.problem.title : schema.kind,
      schema.rowsEstimate === null ? '' : `~${formatCount(schema.rowsEstimate)}`,
      String(schema.columns.length),
      schema.primaryKey.join(', '),
      replicationWords(schema),
    ]),
    new Set([2, 3]),
  ))
}

function replicationWords({ tracking, replicationKeys }: DiscoveredSchema): string {
  if (tracking === 'changes') return 'none needed: follows changes'
  if (tracking === 'files') return 'none needed: new and changed files'
  return replicationKeys.filter((key) => key.ok).map((key) => key.name).join(', ')
}

function schemaDocument({ name, kind, columns, primaryKey, rowsEstimate, bytesEstimate, replicationKeys, tracking, problem }: DiscoveredSchema) {
  return {
    schema: name,
    kind,
    columns: columns.map((column) => ({ name: column.name, type: column.type, sourceType: column.sourceType, nullable: column.nullable, ...fidelityOf(column), ...(column.note ? { note: column.note } : {}) })),
    primaryKey,
    tracking: tracking ?? null,
    rowsEstimate,
    bytesEstimate,
    replicationKeys: replicationKeys.map((key) => ({ name: key.name, type: key.type, ok: key.ok, reason: key.reason, warnings: key.warnings })),
    problem,
  }
}
