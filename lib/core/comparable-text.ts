import type { SourceColumn } from './source-column'

const INTEGER = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:(Z)|([+-]\d\d):?(\d\d)?)$/

/** What both a missing and an empty value are. */
const NULL = '\\N'

/**
 * A text that is the same for all values that the engine finds equal in this column: a UUID in capitals and in small letters, 1.5 and
 * 1.50, one moment in two zones. Different values may share one. Null where only the engine can tell.
 */
export function comparableText(value: unknown, column: SourceColumn | undefined): string | null {
  if (value === null || value === undefined) return NULL
  // a field that is no column becomes one of JSON
  const type = column?.type ?? 'JSON'
  if (type === 'VARCHAR') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (typeof value === 'object') return null
  return comparableScalar(String(value), type, column?.encoding === 'epoch')
}

function comparableScalar(text: string, type: string, isEpoch: boolean): string | null {
  if (type === 'JSON') return text
  if (isEpoch || INTEGER.test(type)) return /^[+-]?\d+$/.test(text) ? integerText(text) : text
  if (type === 'UUID') return uuidText(text)
  if (type === 'BOOLEAN') return text === 'true' || text === 'false' ? text : null
  if (type === 'FLOAT') return DECIMAL.test(text) ? String(Math.fround(Number(text))) : null
  if (type === 'DOUBLE' || type.startsWith('DECIMAL')) return DECIMAL.test(text) ? String(Number(text)) : null
  if (type === 'DATE') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null
  return type === 'TIMESTAMPTZ' ? momentText(text) : null
}

/** The engine takes braces around it, and dashes elsewhere or nowhere; hardly anybody sends it so. */
function uuidText(text: string): string {
  if (text.length === 36 && text[8] === '-' && text[13] === '-' && text[18] === '-' && text[23] === '-') return text.toLowerCase()
  return text.replace(/[^0-9a-f]/gi, '').toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function integerText(text: string): string {
  return /^(0|[1-9]\d*)$/.test(text) ? text : BigInt(text.replace(/^\+/, '')).toString()
}

function momentText(text: string): string | null {
  const [, day, time, fraction = '', utc, hours, minutes = '00'] = TIME.exec(text) ?? []
  const seconds = Date.parse(`${day}T${time}${utc ?? `${hours}:${minutes}`}`)
  return Number.isNaN(seconds) ? null : `${seconds}.${fraction.padEnd(6, '0')}`
}
