import { nameOf, newTableDraft, withFormat, type TableDraft } from '../table-draft'
import type { SentFile } from './send-file'

export type Grouping = 'one' | 'each'

/** Do files look like parts of one table: `orders-2026-01.csv` and `orders-2026-02.csv`? */
export function looksLikeOne(files: SentFile[]): boolean {
  const stems = new Set(files.map(({ name, format }) => `${format} ${name.toLowerCase().replace(/\d+/g, '').replace(/[\s._()-]+/g, '-')}`))
  return stems.size <= 1
}

/**
 * The tables that files make, as drafts: one of all of them, or one for each. What people set of a table stays while it has the same files; one whose files
 * changed is another draft, so that it is looked at again.
 */
export function tablesOf(files: SentFile[], grouping: Grouping, former: TableDraft[]): TableDraft[] {
  if (grouping === 'each') return uniquelyNamed(files.map((file) => draftOf([file], file.name, former.find(({ pattern, settings }) => pattern === file.name && settings.format === file.format))))
  const draft = draftOf(files, '*', former.find(({ pattern }) => pattern === '*'))
  return files.length ? [{ ...draft, key: newTableDraft().key, name: draft.isNameTyped ? draft.name : nameFor(files) }] : []
}

function draftOf(files: SentFile[], pattern: string, former: TableDraft | undefined): TableDraft {
  if (former) return former
  const [first] = files
  const draft = newTableDraft()
  return { ...draft, pattern, name: nameFor(files), isFormatChosen: true, settings: withFormat(draft.settings, first?.format ?? 'csv') }
}

function nameFor(files: SentFile[]): string {
  return (files.length > 1 ? commonName(files) : nameOf(`file://uploads/${files[0]?.name ?? ''}`)) || 'uploaded'
}

/** `orders` of `orders-2026-01.csv` and `orders-2026-02.csv`. */
function commonName(files: SentFile[]): string {
  const names = files.map(({ name }) => name)
  let prefix = names[0] ?? ''
  for (const name of names) while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return nameOf(`file://uploads/${prefix.replace(/[\d\s._()-]+$/, '') || (names[0] ?? '')}`)
}

function uniquelyNamed(tables: TableDraft[]): TableDraft[] {
  const taken = new Set<string>()
  return tables.map((table) => {
    let { name } = table
    for (let number = 2; taken.has(name); number++) name = `${table.name}_${number}`
    taken.add(name)
    return name === table.name ? table : { ...table, name }
  })
}
