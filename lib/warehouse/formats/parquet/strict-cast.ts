import { quoteLiteral } from '../../sql-text'
import { castSql } from '../../types/cast-sql'
import { exactSql } from '../../types/exact-sql'
import { keptType } from '../../types/kept-type'
import { mergeTypes } from '../../types/merge-types'
import { canonicalType, parseType, type TypeNode } from '../../types/type-name'

/** An expression of type `from` as type `to`, which fails on a value that would not survive: a cast alone rounds 1.5 to 2 and cuts a moment to its day. */
export function strictCastSql(expression: string, from: string, to: string): string {
  const target = canonicalType(to)
  if (canonicalType(from) === target) return expression
  const holds = keptType(mergeTypes(from, to)) === target
  const cast = holds ? castSql(expression, from, to) : narrowSql(expression, parseType(from), target)
  const check = holds ? exactSql(expression, from, to) : narrowCheckSql(expression, from, cast, target)
  return check === null ? cast : `CASE WHEN ${check} THEN ${cast} ELSE error(${shownSql(expression)} || ${quoteLiteral(` is no ${target}`)}) END`
}

/** Texts are no numbers when they have more decimals, and a day with a time is no day. */
function narrowSql(value: string, from: TypeNode, to: string): string {
  return from.kind === 'scalar' && from.name === 'VARCHAR' && to === 'DATE' ? `CAST(CAST(${value} AS TIMESTAMP) AS DATE)` : `CAST(${value} AS ${to})`
}

function narrowCheckSql(value: string, from: string, cast: string, to: string): string {
  if (canonicalType(from) !== 'VARCHAR') return `CAST(${cast} AS ${from}) IS NOT DISTINCT FROM ${value}`
  const decimals = /^DECIMAL\(\d+,(\d+)\)$/.exec(to)?.[1] ?? (/INT/.test(to) ? '0' : null)
  if (decimals !== null) return `coalesce(regexp_full_match(trim(${value}), '[+-]?[0-9]*([.][0-9]{0,${decimals}}0*)?'), true)`
  return to === 'DATE' ? `CAST(${value} AS TIMESTAMP) IS NOT DISTINCT FROM CAST(${cast} AS TIMESTAMP)` : 'true'
}

function shownSql(value: string): string {
  return `coalesce(left(CAST(${value} AS VARCHAR), 100), 'NULL')`
}
