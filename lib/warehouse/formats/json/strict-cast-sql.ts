import { canonicalType } from '../../types/type-name'

const INTEGERS = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/

/**
 * A cast of a text that fails where the engine's own would change the value without a word: round to a whole number or to fewer decimals, cut a time of the day or
 * parts of a microsecond, make a number infinite. `isChosen`: by people; else it is known that decimals fit, and they may have an exponent.
 */
export function strictCastSql(text: string, type: string, isChosen: boolean): string {
  const as = canonicalType(type)
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(as)?.[1]
  if (scale !== undefined) return guarded(text, as, `regexp_full_match(${text}, '[+-]?[0-9]*([.][0-9]{0,${scale}}0*)?')${isChosen ? '' : ` OR contains(lower(${text}), 'e')`}`)
  if (INTEGERS.test(as)) return guarded(text, as, `regexp_full_match(${text}, '[+-]?[0-9]+')`)
  if (as === 'BOOLEAN') return guarded(text, as, `regexp_full_match(${text}, '(?i)true|false|0|1')`)
  if (as === 'DOUBLE') return guarded(text, as, `NOT isinf(CAST(${text} AS DOUBLE)) OR NOT regexp_matches(${text}, '[0-9]')`)
  if (as === 'DATE') return guarded(text, as, `date_trunc('day', CAST(${text} AS TIMESTAMP)) = CAST(${text} AS TIMESTAMP)`)
  if (as.startsWith('TIMESTAMP')) return guarded(text, as, `NOT regexp_matches(${text}, '[.][0-9]{6}0*[1-9]')`)
  return `CAST(${text} AS ${as})`
}

function guarded(text: string, type: string, condition: string): string {
  return `CAST(CASE WHEN ${condition} THEN ${text} ELSE ${text} || ' does not fit' END AS ${type})`
}
