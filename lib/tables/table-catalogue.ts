import type { AsOf, TableAsOf } from '@/lib/core/as-of'
import { listTableNameRows } from '@/lib/db/tables'
import type { VersionTime } from '@/lib/db/table-versions'
import { findSnapshot, listSnapshots } from '@/lib/db/versions'
import type { NamedTable, TableCatalogue } from '@/lib/warehouse/query/types'
import { dottedName } from './dotted-name'
import { refuseUnknownTables, resolveAsOf, type Named } from './resolve-as-of'

/** From this many tables on, reading all of them is cheaper than one by one. */
const ONE_BY_ONE_MAX = 20

export interface ReadCatalogue extends TableCatalogue {
  /** With an `asOf`: which version of each table the query was given. */
  readAsOf(): TableAsOf[]
}

/**
 * What a query of this workspace may name, read when it is asked for: names are cheap, snapshots are read for the named tables only. Each is as it is now, or
 * as of a time or a version.
 */
export function tableCatalogue(workspaceId: string, asOf?: AsOf | null): ReadCatalogue {
  const read: TableAsOf[] = []
  let rows: ReturnType<typeof listTableNameRows> | undefined
  const names = async (): Promise<Named[]> => {
    rows ??= listTableNameRows(workspaceId)
    return (await rows).map((row) => ({ schemaId: row.schemaId, name: row.tableName, dottedName: dottedName(row.tableName, row.prefix, row.connector) }))
  }
  return {
    readAsOf: () => read,
    async names() {
      const known = await names()
      if (asOf) refuseUnknownTables(known, asOf)
      return known
    },
    async find(wanted, isListing = false) {
      const chosen = new Set(wanted)
      const tables = (await names()).filter((table) => chosen.has(table.name))
      const versions = asOf ? await resolveAsOf(workspaceId, tables, asOf, isListing) : null
      if (versions && !isListing) read.push(...tables.flatMap(({ schemaId, name }) => readTable(name, versions.get(schemaId))))
      const byId = await snapshotsOf(workspaceId, tables, versions)
      return tables.flatMap(({ schemaId, name, dottedName: dotted }): NamedTable[] => {
        const snapshot = byId.get(schemaId)
        return snapshot ? [{ name, dottedName: dotted, snapshot }] : []
      })
    },
  }
}

function readTable(table: string, version: VersionTime | undefined): TableAsOf[] {
  return version ? [{ table, version: version.number, since: version.createdAt.toISOString(), isCurrent: version.isCurrent }] : []
}

async function snapshotsOf(workspaceId: string, tables: Named[], versions: Map<string, VersionTime> | null) {
  const wanted = versions ? tables.filter(({ schemaId }) => versions.has(schemaId)) : tables
  const isOneByOne = versions !== null || tables.length <= ONE_BY_ONE_MAX
  const snapshots = isOneByOne ? await Promise.all(wanted.map(({ schemaId }) => findSnapshot(workspaceId, schemaId, versions?.get(schemaId)?.number))) : await listSnapshots(workspaceId)
  return new Map(snapshots.flatMap((snapshot) => (snapshot ? [[snapshot.schemaId, snapshot] as const] : [])))
}
