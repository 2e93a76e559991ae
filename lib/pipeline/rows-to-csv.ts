import type { SourceColumn } from '@/lib/connectors/contract'
import { ValuesDoNotFit } from '@/lib/warehouse/stage-file'

const INTEGER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT)$/

/** Rows as the CSV of the connector contract, and the fields among them that are no columns. */
export interface CsvRows {
  text: string
  unknown: string[]
}

/**
 * Objects of an API as CSV. Every value arrives as what it is, or is told as a misfit: the CSV reader would round 1.5 to an
 * integer and take "yes" for true. With `isOpen`, each row ends with a JSON object of its fields that are no columns.
 */
export function rowsToCsv(rows: Record<string, unknown>[], columns: SourceColumn[], isOpen: boolean): CsvRows {
  const known = new Set(columns.map(({ name }) => name))
  const unknown = new Set<string>()
  // what depends on the column alone is decided once: an account's first load is millions of values
  const fields = columns.map((column) => ({ name: column.name, isInherited: column.name in Object.prototype, write: writerOf(column) }))
  let text = ''
  for (const row of rows) {
    let line = ''
    for (const { name, isInherited, write } of fields) {
      // every object has a `constructor` and the like, which are no fields
      const value = isInherited && !Object.hasOwn(row, name) ? undefined : row[name]
      line += (line === '' ? '' : ',') + (value === null || value === undefined ? '\\N' : write(value))
    }
    text += `${line}${isOpen ? `,${unknownField(row, known, unknown)}` : ''}\n`
  }
  return { text, unknown: [...unknown] }
}

/** How a value of this column is written. Types that are not named here are checked by the engine when it casts. */
function writerOf(column: SourceColumn): (value: unknown) => string {
  const { type, encoding } = column
  if (type === 'JSON') return (value) => quoted(JSON.stringify(value))
  const fits = fitsOf(type, encoding)
  return (value) => {
    if (!fits(value)) throw new ValuesDoNotFit([{ column, type, example: textOf(value) }])
    return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : quoted(textOf(value))
  }
}

function fitsOf(type: string, encoding: SourceColumn['encoding']): (value: unknown) => boolean {
  if (encoding === 'epoch') return Number.isSafeInteger
  if (INTEGER.test(type)) return (value) => Number.isSafeInteger(value) || typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+$/.test(value))
  if (type === 'BOOLEAN') return (value) => typeof value === 'boolean'
  if (type === 'FLOAT' || type === 'DOUBLE') return Number.isFinite
  return () => true
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * Each value as the text of its JSON, so that it is the same text later, when its field is a column. A null is as good as a field
 * that is not there; its name is told all the same.
 */
function unknownField(row: Record<string, unknown>, known: ReadonlySet<string>, unknown: Set<string>): string {
  const found: [string, string][] = []
  for (const name of Object.keys(row)) {
    const value = known.has(name) ? undefined : row[name]
    if (value === undefined) continue
    unknown.add(name)
    if (value !== null) found.push([name, JSON.stringify(value)])
  }
  return found.length ? quoted(JSON.stringify(Object.fromEntries(found))) : '\\N'
}

/** A text as a field of CSV. */
export function quoted(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`
}
