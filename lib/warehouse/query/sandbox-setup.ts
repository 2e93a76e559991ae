import path from 'node:path'
import { scanSql } from '../scan-sql'
import { quoteIdentifier } from '../sql-text'
import { findDeletionVector } from './deletion-vectors'
import { linkFile, linkFiles } from './link-files'
import type { Judged } from './converse'
import type { SandboxSetup } from './messages'
import type { NamedTable, TableCatalogue } from './types'

/** How many tables SHOW TABLES and information_schema tell about; the tree of the SQL screen knows them all. */
const LISTED_TABLES_MAX = 2_000

/**
 * What the sandbox needs for one query: the tables that it names, as views over files in the child's own folder. The files
 * are linked into it, so that no path of the warehouse is ever seen in there, and a sweep cannot take a
 * file away from a query that reads it.
 */
export async function prepareSandbox(catalogue: TableCatalogue, judged: Judged, folder: string, signal?: AbortSignal): Promise<{ setup: SandboxSetup; tables: NamedTable[] }> {
  const names = await catalogue.names()
  const known = new Map<string, string>()
  for (const table of names) known.set(table.name.toLowerCase(), table.name).set(table.dottedName.toLowerCase(), table.name)
  const wanted = new Set(judged.references.flatMap((reference) => known.get(keyOf(reference)) ?? []))
  const tables = wanted.size > 0 ? await catalogue.find([...wanted]) : []
  const setup: SandboxSetup = { definitions: [], allowedPaths: [] }
  for (const [index, table] of tables.entries()) await addTable(setup, table, index, { folder, signal })
  if (judged.wantsCatalogue) await addStandIns(setup, catalogue, names.filter((table) => !wanted.has(table.name)))
  return { setup, tables }
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
  const vector = await linkVector(table, `t${index}-vector.parquet`, folder)
  const localPath = (key: string) => {
    const name = links.get(key)
    if (!name) throw new Error(`The version of ${table.name} does not hold the file ${key}`)
    return name
  }
  const scan = scanSql(table.snapshot, localPath, vector)
  setup.allowedPaths.push(...links.values(), ...(vector ? [vector] : []))
  addView(setup, table, scan)
}

async function linkVector({ snapshot }: NamedTable, name: string, folder: string): Promise<string | undefined> {
  const found = await findDeletionVector(snapshot)
  if (found === null) return undefined
  await linkFile(found, path.join(folder, name))
  return name
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
