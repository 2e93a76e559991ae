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
  const lines = rows.map((row) => {
    const fields = columns.map((column) => fieldOf(ownValue(row, column.name), column))
    if (isOpen) fields.push(unknownField(row, known, unknown))
    return fields.join(',') + '\n'
  })
  return { text: lines.join(''), unknown: [...unknown] }
}

/** Every object has a `constructor` and the like, which are no fields. */
function ownValue(row: Record<string, unknown>, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(row, name) ? undefined : row[name]
}

function fieldOf(value: unknown, column: SourceColumn): string {
  if (value === null || value === undefined) return '\\N'
  if (column.type === 'JSON') return quoted(JSON.stringify(value))
  if (!fits(value, column)) throw new ValuesDoNotFit([{ column, type: column.type, example: textOf(value) }])
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : quoted(textOf(value))
}

/** Types that are not named here are checked by the engine when it casts. */
function fits(value: unknown, { type, encoding }: SourceColumn): boolean {
  if (encoding === 'epoch') return Number.isSafeInteger(value)
  if (INTEGER.test(type)) return Number.isSafeInteger(value) || typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+$/.test(value))
  if (type === 'BOOLEAN') return typeof value === 'boolean'
  if (type === 'FLOAT' || type === 'DOUBLE') return typeof value === 'number' && Number.isFinite(value)
  return true
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
  for (const [name, value] of Object.entries(row)) {
    if (known.has(name) || value === undefined) continue
    unknown.add(name)
    if (value !== null) found.push([name, JSON.stringify(value)])
  }
  return found.length ? quoted(JSON.stringify(Object.fromEntries(found))) : '\\N'
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
