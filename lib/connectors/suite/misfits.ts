import type { SourceColumn } from '../contract'

const INTEGER = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/
const UUID = /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i

/** Why the stage would not keep this value in this column as what it is; null when it would. Text and JSON columns hold anything. */
export function misfit(value: unknown, { type, encoding, nullable }: SourceColumn): string | null {
  if (value === undefined || value === null) return nullable ? null : 'is NULL, and the column is not nullable'
  if (encoding === 'epoch') return Number.isSafeInteger(value) ? null : 'is no whole number of seconds, as the encoding epoch says'
  if (encoding === 'json-list') return Array.isArray(value) ? null : 'is no array: hand it over as it came, the stage writes it as JSON'
  if (INTEGER.test(type)) return Number.isSafeInteger(value) || typeof value === 'bigint' || /^-?\d+$/.test(String(value)) ? null : `is no ${type}`
  if (type === 'BOOLEAN') return typeof value === 'boolean' ? null : 'is neither true nor false'
  if (type === 'FLOAT' || type === 'DOUBLE') return typeof value === 'number' ? null : `is no number; decimal text is DECIMAL(38,n) with the encoding cast`
  if (type.startsWith('DECIMAL')) return /^[+-]?\d+(\.\d+)?$/.test(String(value)) ? null : `is no ${type}`
  if (type === 'UUID') return UUID.test(String(value)) ? null : 'is no UUID'
  if (/^(DATE|TIME)/.test(type)) return typeof value === 'string' ? null : `is no text, as a ${type} is; unix seconds are the encoding epoch`
  return null
}

/** The same of a removal's text. */
export function removalMisfit(name: string, text: unknown, columns: SourceColumn[]): string | null {
  const column = columns.find((known) => known.name === name)
  if (!column) return `names the column ${name}, which the schema does not have`
  if (typeof text !== 'string') return `has ${JSON.stringify(text)} for ${name}: its values are texts`
  const why = column.encoding === 'epoch' || INTEGER.test(column.type) ? (/^[+-]?\d+$/.test(text) ? null : `is no ${column.type}`) : column.type === 'VARCHAR' ? null : misfit(text, column)
  return why && `has ${JSON.stringify(text)} for ${name}, which ${why}`
}
