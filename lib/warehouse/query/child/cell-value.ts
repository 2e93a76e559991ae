import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTypeId,
  DuckDBUnionValue,
  DuckDBVariantValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { CellValue } from '../types'

/** The value as JSON carries it without loss; see CellValue. No number passes through a double that was not one. */
export function cellValue(value: DuckDBValue, type: DuckDBType): CellValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return numberCell(value, type)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const inner = type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY ? type.valueType : type
    return value.items.map((item) => cellValue(item, inner))
  }
  if (value instanceof DuckDBStructValue) return structCell(value, type)
  if (value instanceof DuckDBMapValue) return mapCell(value, type)
  if (value instanceof DuckDBUnionValue) {
    const inner = type.typeId === DuckDBTypeId.UNION ? type.memberTypeForTag(value.tag) : type
    return { [value.tag]: cellValue(value.value, inner) }
  }
  if (value instanceof DuckDBVariantValue) return cellValue(value.value, value.type ?? type)
  if (value instanceof DuckDBDateValue && !value.isFinite) return value.days < 0 ? '-infinity' : 'infinity'
  // dates, times, timestamps, intervals, decimals, UUIDs and bits: the engine's own text, exact;
  // only for the year before year 1 the client library writes 0000
  return value.toString().replace(/^0000-(\d\d-\d\d)/, '0001-$1 (BC)')
}

function numberCell(value: number, type: DuckDBType): CellValue {
  if (!Number.isFinite(value)) return String(value)
  if (Object.is(value, -0)) return '-0'
  return type.typeId === DuckDBTypeId.FLOAT ? shortestFloat(value) : value
}

/** The shortest decimal that is this 32-bit float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

function structCell(value: DuckDBStructValue, type: DuckDBType): CellValue {
  const names = type.typeId === DuckDBTypeId.STRUCT ? type.entryNames : Object.keys(value.entries)
  const types = type.typeId === DuckDBTypeId.STRUCT ? type.entryTypes : []
  return Object.fromEntries(names.map((name, index) => [name, cellValue(value.entries[name] ?? null, types[index] ?? type)]))
}

/** A map with text keys is an object; with other keys a list of `{ key, value }`. */
function mapCell(value: DuckDBMapValue, type: DuckDBType): CellValue {
  const [keyType, valueType] = type.typeId === DuckDBTypeId.MAP ? [type.keyType, type.valueType] : [type, type]
  const entries = value.entries.map(({ key, value: inner }) => ({ key: cellValue(key, keyType), value: cellValue(inner, valueType) }))
  return keyType.typeId === DuckDBTypeId.VARCHAR ? Object.fromEntries(entries.map((entry) => [String(entry.key), entry.value])) : entries
}

/** About how many bytes the value takes as JSON; only for keeping below a ceiling. */
export function cellBytes(value: CellValue): number {
  if (typeof value === 'string') return value.length + 3
  if (value === null || typeof value !== 'object') return 6
  let bytes = 2
  for (const [name, inner] of Object.entries(value)) bytes += cellBytes(inner) + (Array.isArray(value) ? 1 : name.length + 4)
  return bytes
}
