import { listTableNameRows } from '@/lib/db/tables'
import { findSnapshot, listSnapshots } from '@/lib/db/versions'
import type { NamedTable, TableCatalogue } from '@/lib/warehouse/query/types'
import { dottedName } from './dotted-name'

/** From this many tables on, reading all of them is cheaper than one by one. */
const ONE_BY_ONE_MAX = 20

/** What a query of this workspace may name, read when it is asked for: names are cheap, snapshots are read for the named tables only. */
export function tableCatalogue(workspaceId: string): TableCatalogue {
  let rows: ReturnType<typeof listTableNameRows> | undefined
  const names = async () => {
    rows ??= listTableNameRows(workspaceId)
    return (await rows).map((row) => ({ schemaId: row.schemaId, name: row.tableName, dottedName: dottedName(row.tableName, row.prefix, row.connector) }))
  }
  return {
    names,
    async find(wanted) {
      const chosen = new Set(wanted)
      const tables = (await names()).filter((table) => chosen.has(table.name))
      const snapshots = tables.length > ONE_BY_ONE_MAX ? await listSnapshots(workspaceId) : await Promise.all(tables.map((table) => findSnapshot(workspaceId, table.schemaId)))
      const byId = new Map(snapshots.flatMap((snapshot) => (snapshot ? [[snapshot.schemaId, snapshot] as const] : [])))
      return tables.flatMap(({ schemaId, name, dottedName: dotted }): NamedTable[] => {
        const snapshot = byId.get(schemaId)
        return snapshot ? [{ name, dottedName: dotted, snapshot }] : []
      })
    },
  }
}
