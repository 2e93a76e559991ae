import type { TableView } from '@/lib/tables/schema'

export type TreeRow =
  | { kind: 'source'; key: string; level: 1; sourceId: string; name: string; connector: string; tables: number; isOpen: boolean }
  | { kind: 'table'; key: string; level: 2; table: TableView; isOpen: boolean }
  | { kind: 'column'; key: string; level: 3; table: TableView; name: string; type: string }

const COLUMN_SEARCH_MIN = 2

/**
 * The rows of the tree as they are shown. A search keeps the tables whose name, or one of whose columns, holds it; tables found by
 * a column are opened at those columns.
 */
export function treeRows(tables: TableView[], search: string, closedSources: ReadonlySet<string>, openTables: ReadonlySet<string>): TreeRow[] {
  const wanted = search.trim().toLowerCase()
  const bySource = new Map<string, TableView[]>()
  for (const table of tables) bySource.set(table.sourceId, [...(bySource.get(table.sourceId) ?? []), table])
  const rows: TreeRow[] = []
  for (const [sourceId, own] of bySource) {
    const found = own.flatMap((table) => {
      const match = matchOf(table, wanted)
      return match ? [{ table, columns: match }] : []
    })
    const first = own[0]
    if (!first || found.length === 0) continue
    const isOpen = wanted !== '' || !closedSources.has(sourceId)
    rows.push({ kind: 'source', key: sourceId, level: 1, sourceId, name: first.sourceName, connector: first.connector, tables: found.length, isOpen })
    if (isOpen) for (const { table, columns } of found) pushTable(rows, table, columns, openTables.has(table.schemaId))
  }
  return rows
}

/** Which columns a search found: `all` when the name did, else those that hold it; null when nothing does. */
function matchOf(table: TableView, wanted: string): 'all' | string[] | null {
  if (wanted === '' || table.name.toLowerCase().includes(wanted) || table.dottedName.toLowerCase().includes(wanted)) return 'all'
  if (wanted.length < COLUMN_SEARCH_MIN) return null
  const columns = table.columns.filter((column) => column.name.toLowerCase().includes(wanted)).map((column) => column.name)
  return columns.length > 0 ? columns : null
}

function pushTable(rows: TreeRow[], table: TableView, match: 'all' | string[], isOpened: boolean): void {
  const isOpen = isOpened || match !== 'all'
  rows.push({ kind: 'table', key: table.schemaId, level: 2, table, isOpen })
  if (!isOpen) return
  for (const { name, type } of table.columns) {
    if (isOpened || match === 'all' || match.includes(name)) rows.push({ kind: 'column', key: `${table.schemaId} ${name}`, level: 3, table, name, type })
  }
}
