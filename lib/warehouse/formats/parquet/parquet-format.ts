import type { Engine } from '../../duckdb'
import { quoteIdentifier } from '../../sql-text'
import { isKept, keptType } from '../../types/kept-type'
import { canonicalType, fieldKey, NULL_TYPE } from '../../types/type-name'
import { FileProblem } from '../file-problem'
import type { FileColumn, Format, Inspection, LocalFile, Piece, ReadColumn } from '../format'
import { explainParquet } from './explain-parquet'
import { broken, readFooter, type Footer, type SchemaElement } from './footer'
import { readSql, valueSql } from './read-sql'

const INT96 = 3
const [TIME, TIMESTAMP, UNKNOWN, VARIANT] = [7, 8, 11, 16]
const DECIMAL_CONVERTED = 5
/** The engine's own names for what is no column of the file. */
const ENGINE_NAMES = new Set(['filename', 'file_row_number', 'file_index', '__duckdb_field_id'])

/** Parquet tells its columns, types and rows by itself; nothing is guessed. */
export const parquetFormat: Format = {
  async inspect(engine, file) {
    return inspectParquet(engine, file)
  },
  selectSql: parquetSelectSql,
  explain: explainParquet,
  rowCutter: null,
}

async function inspectParquet(engine: Engine, file: LocalFile): Promise<Inspection> {
  const footer = await readFooter(file)
  const tops = topLevel(footer.schema)
  if (!tops.length) return { columns: [], rows: footer.rows, notes: ['The file has no columns'], keptAsIs: { ok: false, reason: 'it has no columns' } }
  for (const element of footer.schema) checkReadable(element, file)
  const found = await describe(engine, file)
  if (found.length !== tops.length) throw broken(file, `It has ${tops.length} columns, of which ${found.length} can be read`)
  const taken = new Set<string>()
  const columns = tops.map((top, i) => columnOf(top, found[i] ?? { name: '', type: '' }, taken, file))
  return { columns, rows: footer.rows, notes: columns.flatMap(({ name, note }) => (note === undefined ? [] : [`Column ${name}: ${note}`])), keptAsIs: keptAsIs(columns, footer, found) }
}

async function describe(engine: Engine, file: LocalFile): Promise<{ name: string; type: string }[]> {
  try {
    const rows = await engine.rows(`DESCRIBE SELECT * FROM ${readSql(file.path)}`)
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
  } catch (error) {
    throw await explainParquet(engine, { file }, [], error)
  }
}

/** The columns that are no fields of others, in the order of the file. */
function topLevel(schema: SchemaElement[]): SchemaElement[][] {
  const tops: SchemaElement[][] = []
  for (let at = 1; at < schema.length; ) {
    const start = at
    for (let left = 1; left > 0; left--) left += schema[at++]?.children ?? 0
    tops.push(schema.slice(start, at))
  }
  return tops
}

/** What the engine would read wrongly without a word, or die of. */
function checkReadable(element: SchemaElement, file: LocalFile): void {
  if ((element.converted === DECIMAL_CONVERTED || element.logical === DECIMAL_CONVERTED) && element.precision > 38) {
    throw new FileProblem(`${file.address} has decimals that are too long`, `Column ${element.name} has ${element.precision} digits, 38 are possible`, 'Write the column with 38 digits or fewer, or as text')
  }
  if (element.logical === VARIANT) throw new FileProblem(`${file.address} has a column that cannot be read`, `Column ${element.name} is a VARIANT`, 'Write the column as JSON in text, or leave it out of the file')
}

function columnOf([top, ...inner]: SchemaElement[], found: { name: string; type: string }, taken: Set<string>, file: LocalFile): FileColumn {
  const elements = top ? [top, ...inner] : inner
  const type = typeOf(elements, found.type, file)
  const note = noteOf(elements, type)
  return { name: uniqueName(top?.name ? top.name.replaceAll('\0', '') : found.name, taken), physical: found.name, type, ...(typeof top?.fieldId === 'number' && { fieldId: top.fieldId }), ...(note !== null && { note }) }
}

function typeOf([top, ...inner]: SchemaElement[], described: string, file: LocalFile): string {
  if (top?.logical === UNKNOWN && !inner.length && top.repetition !== 2) return NULL_TYPE
  try {
    const type = canonicalType(described)
    // Parquet's times with a zone are all in UTC
    return type === 'TIME WITH TIME ZONE' ? 'TIME' : type.startsWith('GEOMETRY(') ? 'GEOMETRY' : type
  } catch (error) {
    throw new FileProblem(`${file.address} has a column that cannot be read`, `Column ${top?.name} is a ${described.slice(0, 200)}`, 'Leave the column out of the file', error)
  }
}

function noteOf(elements: SchemaElement[], type: string): string | null {
  if (elements.some(({ physical }) => physical === INT96)) return 'kept to the microsecond; digits below it, of an INT96, are cut'
  if (elements.some(({ logical, isNanos, isUtc }) => isNanos && (logical === TIME || (logical === TIMESTAMP && isUtc)))) return 'kept to the microsecond; nanoseconds are cut'
  if (elements.some(({ logical, isUtc }) => logical === TIME && isUtc)) return 'times of day in UTC'
  return isKept(type) || type === NULL_TYPE ? null : `${type} is kept as ${keptType(type)}`
}

/** Whatever their capitals, names are told apart; a second `a` is `a_2`. */
function uniqueName(name: string, taken: Set<string>): string {
  let unique = name
  for (let number = 2; taken.has(fieldKey({ name: unique })); number++) unique = `${name}_${number}`
  taken.add(fieldKey({ name: unique }))
  return unique
}

function keptAsIs(columns: FileColumn[], footer: Footer, found: { name: string; type: string }[]): Inspection['keptAsIs'] {
  const reserved = columns.find(({ physical }) => /^_file(_modified_at|_row)?$|^_synced_at$|^_run_id$|^__tributary_/i.test(physical) || ENGINE_NAMES.has(physical.toLowerCase()))
  if (reserved) return { ok: false, reason: `a column has the reserved name ${reserved.physical}` }
  const column = columns.find(({ type }, i) => !isKept(type) || canonicalType(found[i]?.type ?? '') !== type)
  if (column) return { ok: false, reason: `column ${column.name} is a ${column.type}` }
  if (footer.notes.includes('geo')) return { ok: false, reason: 'it is GeoParquet' }
  return { ok: true }
}

function parquetSelectSql({ file }: Pick<Piece, 'file'>, columns: ReadColumn[]): string {
  const values = columns.map((column) => `${valueSql(column)} AS ${quoteIdentifier(column.name)}`)
  return `SELECT ${values.join(', ')} FROM ${readSql(file.path)}`
}
