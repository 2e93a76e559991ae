import { keptNode } from './kept-type'
import { fieldKey, isNested, NULL_TYPE, parseType, printType, type StructField, type TypeNode } from './type-name'

const VARCHAR: TypeNode = { kind: 'scalar', name: 'VARCHAR' }
const JSON_TYPE: TypeNode = { kind: 'scalar', name: 'JSON' }

/** In the order of their width. The decimal digits of an unsigned one are those of the next signed one, so that the order of merging does not matter. */
const SIGNED = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']
const UNSIGNED = ['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT']
const DIGITS: Record<string, number> = { TINYINT: 3, UTINYINT: 5, SMALLINT: 5, USMALLINT: 10, INTEGER: 10, UINTEGER: 19, BIGINT: 19, UBIGINT: 20 }
/** Each holds the ones before it, as far as they go. */
const MOMENTS = ['DATE', 'TIMESTAMP', 'TIMESTAMP_NS']

/**
 * The type of a table's column whose values are of both types: the narrowest that changes no value. The rule, which does not depend on the order of files:
 * - NULL with anything: the other. A type that Parquet does not keep counts as the one that keeps its values (`keptType`).
 * - integers: the wider one; signed with unsigned: the next signed that holds both, and DECIMAL(20,0) with UBIGINT. With DECIMAL: one with enough digits on both sides, text beyond 38.
 * - integers or decimals without a fraction with FLOAT or DOUBLE: DOUBLE, if the integers are small enough (`isExactOnlyIf`). Decimals with a fraction: text.
 * - DATE, TIMESTAMP, TIMESTAMP_NS: the finer one. With TIMESTAMP WITH TIME ZONE: text, for nobody knows whose clock the former showed.
 * - structs by their fields (in the order of their names when they differ), lists by their elements, maps by keys and values. Nested types of different kinds, or with JSON: JSON.
 * - everything else: text. A nested value as text is JSON.
 */
export function mergeTypes(a: string, b: string): string {
  return printType(merge(keptNode(parseType(a), true), keptNode(parseType(b), true)))
}

function merge(a: TypeNode, b: TypeNode): TypeNode {
  if (isScalar(a, NULL_TYPE)) return b
  if (isScalar(b, NULL_TYPE)) return a
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', element: merge(a.element, b.element) }
  if (a.kind === 'map' && b.kind === 'map') return { kind: 'map', key: merge(a.key, b.key), value: merge(a.value, b.value) }
  if (a.kind === 'struct' && b.kind === 'struct') return { kind: 'struct', fields: mergeFields(a.fields, b.fields) }
  if (isTree(a) && isTree(b)) return JSON_TYPE
  if (a.kind === 'decimal' || b.kind === 'decimal') return mergeDecimals(a, b)
  return a.kind === 'scalar' && b.kind === 'scalar' ? mergeScalars(a.name, b.name) : VARCHAR
}

function isTree(type: TypeNode): boolean {
  return isNested(type) || isScalar(type, 'JSON')
}

function isScalar(type: TypeNode, name: string): boolean {
  return type.kind === 'scalar' && type.name === name
}

function mergeScalars(a: string, b: string): TypeNode {
  if (a === b) return { kind: 'scalar', name: a }
  const wider = widerOf(SIGNED, a, b) ?? widerOf(UNSIGNED, a, b) ?? widerOf(MOMENTS, a, b)
  if (wider !== null) return { kind: 'scalar', name: wider }
  if (!isNumber(a) || !isNumber(b)) return VARCHAR
  return isInteger(a) && isInteger(b) ? mergeSigns(a, b) : { kind: 'scalar', name: 'DOUBLE' }
}

function widerOf(order: string[], a: string, b: string): string | null {
  const [i, j] = [order.indexOf(a), order.indexOf(b)]
  return i < 0 || j < 0 ? null : (order[Math.max(i, j)] ?? null)
}

function isInteger(name: string): boolean {
  return DIGITS[name] !== undefined
}

function isNumber(name: string): boolean {
  return isInteger(name) || name === 'FLOAT' || name === 'DOUBLE'
}

/** A signed and an unsigned integer. */
function mergeSigns(a: string, b: string): TypeNode {
  const [signed, unsigned] = SIGNED.includes(a) ? [a, b] : [b, a]
  const name = SIGNED[Math.max(SIGNED.indexOf(signed), UNSIGNED.indexOf(unsigned) + 1)]
  return name === undefined ? { kind: 'decimal', precision: 20, scale: 0 } : { kind: 'scalar', name }
}

function mergeDecimals(a: TypeNode, b: TypeNode): TypeNode {
  const [left, right] = [asDecimal(a), asDecimal(b)]
  if (left && right) {
    const scale = Math.max(left.scale, right.scale)
    const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale
    return precision > 38 ? VARCHAR : { kind: 'decimal', precision, scale }
  }
  const [decimal, other] = left ? [left, b] : [right, a]
  return decimal?.scale === 0 && (isScalar(other, 'FLOAT') || isScalar(other, 'DOUBLE')) ? { kind: 'scalar', name: 'DOUBLE' } : VARCHAR
}

function asDecimal(type: TypeNode): { precision: number; scale: number } | null {
  if (type.kind === 'decimal') return type
  const digits = type.kind === 'scalar' ? DIGITS[type.name] : undefined
  return digits === undefined ? null : { precision: digits, scale: 0 }
}

function mergeFields(a: StructField[], b: StructField[]): StructField[] {
  const merged = new Map(a.map((field) => [fieldKey(field), field]))
  for (const field of b) {
    const known = merged.get(fieldKey(field))
    merged.set(fieldKey(field), known ? { ...spelledFirst(known, field), type: merge(known.type, field.type) } : field)
  }
  const fields = [...merged]
  if (a.length !== b.length || a.some((field, i) => fieldKey(field) !== fieldKey(b[i] ?? field))) fields.sort(([x], [y]) => (x < y ? -1 : 1))
  return fields.map(([, field]) => field)
}

/** Which of two spellings stays must not depend on which file came first. */
function spelledFirst(a: StructField, b: StructField): StructField {
  return a.label <= b.label ? a : b
}
