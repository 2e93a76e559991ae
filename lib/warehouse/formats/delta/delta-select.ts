import { writeFile } from 'node:fs/promises'
import type { Engine } from '../../duckdb'
import { quoteIdentifier, quoteLiteral, quotePath } from '../../sql-text'
import { castSql } from '../../types/cast-sql'
import { canonicalType, fieldKey, NULL_TYPE } from '../../types/type-name'
import { FileProblem } from '../file-problem'
import type { FileColumn, Inspection, LocalFile } from '../format'
import { readSql } from '../parquet/read-sql'
import { strictCastSql } from '../parquet/strict-cast'
import type { DeltaFile } from './delta-actions'
import { deltaProblem } from './delta-problem'
import { deletedRows } from './deletion-vector'
import { duckdbType, isRenamed, type DeltaField, type DeltaType } from './delta-schema'
import type { DeltaTable } from './read-delta-log'

const POSITION = 'file_row_number'

/** A data file on this machine. */
export interface LocalDeltaFile {
  file: LocalFile
  inspection: Inspection
  /** What `writeDeletedRows` wrote; null when no row is deleted. */
  deletedRows: string | null
}

/** The columns that `deltaSelectSql` gives. Their types are as the engine writes them. */
export async function deltaColumns(engine: Engine, { columns }: DeltaTable): Promise<FileColumn[]> {
  const [types = []] = columns.length ? await engine.rows(`SELECT ${columns.map(({ type }) => `typeof(CAST(NULL AS ${canonicalType(duckdbType(type, 'name'))}))`).join(', ')}`) : []
  return columns.map(({ name }, i) => ({ name, physical: name, type: String(types[i]) }))
}

/** The numbers of the deleted rows, a line each, for `deltaSelectSql`. `vector`: the object of the deletion vector on this machine; null when it is in the log. */
export async function writeDeletedRows(entry: DeltaFile, vector: string | null, target: string): Promise<void> {
  const rows = entry.deletionVector ? await deletedRows(entry.deletionVector, vector) : []
  await writeFile(target, rows.map((row) => `${row}\n`))
}

/** A SELECT of the rows of one data file that are not deleted: every column of the table in its order, with its type. */
export function deltaSelectSql(entry: DeltaFile, local: LocalDeltaFile, table: DeltaTable): string {
  const columns = table.columns.map((column) => `${columnSql(column, entry, local, table)} AS ${quoteIdentifier(column.name)}`)
  if (local.deletedRows === null) return `SELECT ${columns.join(', ')} FROM ${readSql(local.file.path)} AS data`
  if (local.inspection.columns.some((column) => fieldKey(column) === POSITION)) throw new FileProblem(`${local.file.address} cannot be read`, `It has deleted rows, and a column named ${POSITION}`, 'Rename the column, or purge the deleted rows')
  const deleted = `read_csv(${quotePath(local.deletedRows)}, columns = {'position': 'BIGINT'}, header = false, auto_detect = false)`
  return `SELECT ${columns.join(', ')} FROM ${readSql(local.file.path, true)} AS data ANTI JOIN ${deleted} AS deleted ON data.${POSITION} = deleted.position`
}

function columnSql(column: DeltaField, entry: DeltaFile, local: LocalDeltaFile, table: DeltaTable): string {
  const type = canonicalType(duckdbType(column.type, 'name'))
  if (table.partitionColumns.includes(column.physical)) return partitionSql(column, entry, type)
  const found = findColumn(column, local, table)
  if (!found || found.type === NULL_TYPE) return `CAST(NULL AS ${type})`
  const value = `data.${quoteIdentifier(found.physical)}`
  const inFile = canonicalType(duckdbType(column.type, 'physical'))
  // bytes that their writer did not mark as text
  const cast = found.type === 'BLOB' && inFile === 'VARCHAR' ? `decode(${value})` : strictCastSql(value, found.type, inFile)
  return isRenamed(column.type) ? `CAST(${renameSql(cast, column.type, 0)} AS ${type})` : castSql(cast, inFile, type)
}

/** A column that was added later is not in the files before: it is NULL there. */
function findColumn(column: DeltaField, { inspection }: LocalDeltaFile, { mapping }: DeltaTable): FileColumn | undefined {
  if (mapping === 'name') return inspection.columns.find((found) => found.name === column.physical) ?? inspection.columns.find((found) => fieldKey(found) === fieldKey({ name: column.physical }))
  if (JSON.stringify(column.type).includes('"struct"')) throw deltaProblem(`Column ${column.name} is nested, in a table whose columns are mapped by ids`, 'Map the columns by names')
  return inspection.columns.find((found) => found.fieldId === column.id)
}

/** A value of the log, the same for each row of a file. An empty text is NULL. */
function partitionSql(column: DeltaField, entry: DeltaFile, type: string): string {
  const value = entry.partitionValues[column.physical] ?? null
  if (column.type.kind !== 'plain' || type === 'BLOB') throw deltaProblem(`The table is divided by column ${column.name}, which is a ${type}`)
  if (value === null || value === '') return `CAST(NULL AS ${type})`
  return strictCastSql(quoteLiteral(value), 'VARCHAR', type)
}

/** The same value, its fields under the names for people. */
function renameSql(value: string, type: DeltaType, depth: number): string {
  if (!isRenamed(type)) return value
  const item = `r${depth}`
  if (type.kind === 'list') return `list_transform(${value}, lambda ${item}: ${renameSql(item, type.element, depth + 1)})`
  if (type.kind === 'map') {
    const entry = `{'key': ${renameSql(`${item}.key`, type.key, depth + 1)}, 'value': ${renameSql(`${item}.value`, type.value, depth + 1)}}`
    return `map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry}))`
  }
  if (type.kind === 'plain') return value
  const fields = type.fields.map((field) => `${quoteIdentifier(field.name)} := ${renameSql(`struct_extract(${value}, ${quoteLiteral(field.physical)})`, field.type, depth)}`)
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`
}
