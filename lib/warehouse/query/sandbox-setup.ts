import { link, symlink } from 'node:fs/promises'
import path from 'node:path'
import { objectStore } from '../object-store'
import type { StoredFile } from '../object-store/store'
import { scanSql } from '../scan-sql'
import { quoteIdentifier } from '../sql-text'
import type { SandboxSetup } from './messages'
import type { NamedTable, TableCatalogue } from './types'

/** How many tables SHOW TABLES and information_schema tell about; the tree of the SQL screen knows them all. */
const LISTED_TABLES_MAX = 2_000
const LINKS_AT_ONCE = 50

export interface Judged {
  references: { schema: string; name: string }[]
  wantsCatalogue: boolean
}

/**
 * What the sandbox needs for one query: the tables that it names, as views over files in the child's own folder. The files
 * are linked into it, so that no path of the warehouse is ever seen in there, and a sweep cannot take a
 * file away from a query that reads it.
 */
export async function prepareSandbox(catalogue: TableCatalogue, judged: Judged, folder: string, signal?: AbortSignal): Promise<SandboxSetup> {
  const names = await catalogue.names()
  const known = new Map<string, string>()
  for (const table of names) known.set(table.name.toLowerCase(), table.name).set(table.dottedName.toLowerCase(), table.name)
  const wanted = new Set(judged.references.flatMap((reference) => known.get(keyOf(reference)) ?? []))
  const tables = wanted.size > 0 ? await catalogue.find([...wanted]) : []
  const setup: SandboxSetup = { definitions: [], allowedPaths: [] }
  for (const [index, table] of tables.entries()) await addTable(setup, table, index, { folder, signal })
  if (judged.wantsCatalogue) await addStandIns(setup, catalogue, names.filter((table) => !wanted.has(table.name)))
  return setup
}

/** The tables given, as a catalogue. */
export function catalogueOf(tables: NamedTable[]): TableCatalogue {
  return {
    names: async () => tables,
    find: async (names) => tables.filter((table) => names.includes(table.name)),
  }
}

function keyOf({ schema, name }: { schema: string; name: string }): string {
  const isPlain = schema === '' || schema.toLowerCase() === 'main'
  return (isPlain ? name : `${schema}.${name}`).toLowerCase()
}

async function addTable(setup: SandboxSetup, table: NamedTable, index: number, { folder, signal }: { folder: string; signal: AbortSignal | undefined }): Promise<void> {
  const links = await linkFiles([...table.snapshot.dataFiles, ...table.snapshot.deleteFiles], `t${index}`, folder, signal)
  const scan = scanSql(table.snapshot, (key) => {
    const name = links.get(key)
    if (!name) throw new Error(`The version of ${table.name} does not hold the file ${key}`)
    return name
  })
  setup.allowedPaths.push(...links.values())
  addView(setup, table, scan)
}

/** Files of the warehouse under short names in the child's own folder; by their keys. */
export async function linkFiles(files: StoredFile[], prefix: string, folder: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const links = new Map<string, string>()
  for (const file of files) links.set(file.path, `${prefix}-${links.size}.parquet`)
  const entries = [...links]
  const local = await objectStore().hold(files, folder, signal)
  for (let start = 0; start < entries.length; start += LINKS_AT_ONCE) {
    await Promise.all(entries.slice(start, start + LINKS_AT_ONCE).map(([key, name]) => linkFile(local(key), path.join(folder, name))))
  }
  return links
}

function addView(setup: SandboxSetup, table: { name: string; dottedName: string }, scan: string): void {
  const dot = table.dottedName.indexOf('.')
  const schema = quoteIdentifier(table.dottedName.slice(0, dot))
  setup.definitions.push(`CREATE VIEW main.${quoteIdentifier(table.name)} AS ${scan}`)
  if (dot < 1) return
  setup.definitions.push(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  setup.definitions.push(`CREATE VIEW ${schema}.${quoteIdentifier(table.dottedName.slice(dot + 1))} AS SELECT * FROM main.${quoteIdentifier(table.name)}`)
}

/** Empty views with the right columns, for queries that ask which tables there are. */
async function addStandIns(setup: SandboxSetup, catalogue: TableCatalogue, names: { name: string }[]): Promise<void> {
  const tables = await catalogue.find(names.slice(0, LISTED_TABLES_MAX).map((table) => table.name), true)
  for (const table of tables) {
    const columns = table.snapshot.columns.map((column) => `NULL::${column.type} AS ${quoteIdentifier(column.name)}`)
    addView(setup, table, `SELECT ${columns.join(', ') || 'NULL AS empty'} LIMIT 0`)
  }
}

async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error
    // another file system, or one without hard links: the engine resolves the link and allows its target alone
    await symlink(from, to)
  }
}
