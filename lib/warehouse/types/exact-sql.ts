import { parseType, type TypeNode, fieldKey, type StructField } from './type-name'
import { quoteLiteral } from '../sql-text'

/** Doubles hold every whole number up to here. */
const DOUBLE_WHOLE_MAX = '9007199254740992'
const DOUBLE_DIGITS = 15

/**
 * Does every value of `from` survive as `to` (`mergeTypes`)? `if-small`: only whole numbers up to 2^53 as DOUBLE, only days and moments that
 * TIMESTAMP or TIMESTAMP_NS reach; `exactSql` tells them apart.
 */
export function isExactOnlyIf(from: string, to: string): 'always' | 'if-small' {
  return exactSql('x', from, to) === null ? 'always' : 'if-small'
}

/** A condition that is true when a value of `from` survives as `to`, for NULL too; null when each does. */
export function exactSql(expression: string, from: string, to: string): string | null {
  return exact(expression, parseType(from), parseType(to), 0)
}

function exact(value: string, from: TypeNode, to: TypeNode, depth: number): string | null {
  const range = rangeOf(from, to)
  if (range) return `coalesce(${value} BETWEEN ${range.join(' AND ')}${from.kind === 'scalar' && range[0]?.startsWith('DATE') ? ` OR isinf(${value})` : ''}, true)`
  const item = `v${depth}`
  if ((from.kind === 'list' || from.kind === 'array') && to.kind === 'list') return everySql(value, item, exact(item, from.element, to.element, depth + 1))
  if (from.kind === 'map' && to.kind === 'map') {
    const parts = [exact(`${item}.key`, from.key, to.key, depth + 1), exact(`${item}.value`, from.value, to.value, depth + 1)]
    return everySql(`map_entries(${value})`, item, andSql(parts))
  }
  return from.kind === 'struct' && to.kind === 'struct' ? andSql(fieldChecks(value, from.fields, to.fields, depth)) : null
}

function fieldChecks(value: string, from: StructField[], to: StructField[], depth: number): (string | null)[] {
  const targets = new Map(to.map((field) => [fieldKey(field), field.type]))
  return from.map((field) => {
    const target = targets.get(fieldKey(field))
    return target ? exact(`struct_extract(${value}, ${quoteLiteral(field.name)})`, field.type, target, depth) : null
  })
}

/** Between which values nothing is lost, as SQL; null when nothing ever is. */
function rangeOf(from: TypeNode, to: TypeNode): [string, string] | null {
  if (to.kind !== 'scalar') return null
  if (to.name === 'DOUBLE') {
    const isWide = from.kind === 'decimal' ? from.precision > DOUBLE_DIGITS : from.kind === 'scalar' && (from.name === 'BIGINT' || from.name === 'UBIGINT')
    return isWide ? [`-${DOUBLE_WHOLE_MAX}`, DOUBLE_WHOLE_MAX] : null
  }
  if (from.kind !== 'scalar' || (from.name !== 'DATE' && from.name !== 'TIMESTAMP')) return null
  if (to.name === 'TIMESTAMP_NS') return [`DATE '1677-09-22'`, `DATE '2262-04-11'`]
  return from.name === 'DATE' && to.name === 'TIMESTAMP' ? [`DATE '290308-01-01 (BC)'`, `DATE '294246-12-31'`] : null
}

function everySql(list: string, item: string, condition: string | null): string | null {
  return condition === null ? null : `coalesce(list_bool_and(list_transform(${list}, lambda ${item}: ${condition})), true)`
}

function andSql(conditions: (string | null)[]): string | null {
  const parts = conditions.filter((condition) => condition !== null)
  return parts.length ? `(${parts.join(' AND ')})` : null
}
