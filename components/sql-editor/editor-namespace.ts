import type { Completion } from '@codemirror/autocomplete'
import type { SQLNamespace } from '@codemirror/lang-sql'
import { formatCompact } from '@/lib/core/format'
import type { TableView } from '@/lib/tables/schema'

/** What the completion knows: every table under both names, with its columns. */
export function editorNamespace(tables: TableView[]): SQLNamespace {
  const root: Record<string, SQLNamespace> = {}
  const dotted = new Map<string, Record<string, SQLNamespace>>()
  for (const table of tables) {
    const columns: Completion[] = table.columns.map((column) => ({ label: column.name, type: 'property', detail: column.type.toLowerCase() }))
    root[table.name] = { self: { label: table.name, type: 'class', detail: `${formatCompact(table.rows)} rows` }, children: columns }
    const dot = table.dottedName.indexOf('.')
    const schema = table.dottedName.slice(0, dot)
    const inner = dotted.get(schema) ?? {}
    inner[table.dottedName.slice(dot + 1)] = columns
    dotted.set(schema, inner)
  }
  for (const [schema, inner] of dotted) root[schema] = { self: { label: schema, type: 'namespace', detail: 'source' }, children: inner }
  return root
}
