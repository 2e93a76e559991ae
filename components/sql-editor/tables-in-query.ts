import type { TableView } from '@/lib/tables/schema'

type Named = Pick<TableView, 'name' | 'dottedName'>

/** Comments and texts name no table; a name in quotes does. */
const NO_NAMES = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g
const NAMES = /(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))*/gu

/** The tables that a query names, in its order. A look at its text alone: a column of the same name counts as well, which costs a choice more and changes no result. */
export function tablesInQuery<T extends Named>(sql: string, tables: T[]): T[] {
  const byName = new Map(tables.flatMap((table) => [[table.name.toLowerCase(), table], [table.dottedName.toLowerCase(), table]] as const))
  const found = new Set<T>()
  for (const [name] of sql.replace(NO_NAMES, ' ').matchAll(NAMES)) {
    const parts = name.split(/\s*\.\s*/).map((part) => part.replace(/^"|"$/g, '').toLowerCase())
    // `orders.id` begins with a table, `shop.orders.id` with one in two parts
    const table = byName.get(parts.slice(0, 2).join('.')) ?? byName.get(parts[0] ?? '')
    if (table) found.add(table)
  }
  return [...found]
}
