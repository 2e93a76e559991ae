import { NULL_TYPE } from '../../types/type-name'
import { quoteLiteral } from '../../sql-text'
import { FOUND_TYPES, SHAPES, type FoundType } from './value-type'

/**
 * The engine's own casts are no judges: as BIGINT they round 1.5, read 1_000 and 0x1F, and lose the zeros of 007; as TIMESTAMP they forget an offset and cut
 * nanoseconds. So every value is read as text, and cast once it is sure that the type keeps it. What is sure for less is asked first.
 */

/** A try to cast a field, for `foundValueSql`, which looks at it more than once; null for what needs none. */
export function triedSql(field: string, type: string): string | null {
  return isFoundType(type) && type !== 'BOOLEAN' ? `TRY_CAST(${field} AS ${type})` : null
}

/**
 * The value of a field as a column's type, read strictly as a type that was found. An empty text is NULL, but for text. Fails on a value that does not fit.
 * `tried`: where the query has `triedSql` of the field.
 */
export function foundValueSql(field: string, type: string, tried: string): string {
  if (type === 'VARCHAR') return field
  if (type === NULL_TYPE) return `CASE WHEN ${isEmptySql(field)} THEN NULL ELSE CAST(error(${field}) AS ${NULL_TYPE}) END`
  if (!isFoundType(type)) return chosenValueSql(field, type)
  if (type === 'BOOLEAN') return `CASE WHEN ${field} IN ('true', 'True', 'TRUE') THEN true WHEN ${field} IN ('false', 'False', 'FALSE') THEN false${otherwiseSql(field, type)}`
  const conditions = [...quickSql(field, type, tried), fitsSql(field, type, tried)]
  return `CASE ${conditions.map((condition) => `WHEN ${condition} THEN ${tried}`).join(' ')}${otherwiseSql(field, type)}`
}

/** The same as a type that people chose: they may know that 007 is a number. */
export function chosenValueSql(field: string, type: string): string {
  if (type === 'VARCHAR') return field
  return `CASE WHEN ${chosenFitsSql(field, type)} THEN CAST(${field} AS ${type})${otherwiseSql(field, type)}`
}

function otherwiseSql(field: string, type: string): string {
  return ` WHEN ${isEmptySql(field)} THEN NULL ELSE CAST(error(${field}) AS ${type}) END`
}

export function isEmptySql(field: string): string {
  return `(${field} IS NULL OR ${field} = '')`
}

export function isFoundType(type: string): type is FoundType {
  return (FOUND_TYPES as readonly string[]).includes(type)
}

/** Does the type keep this value exactly? The same as `fits` of `value-type.ts`. `tried`: `triedSql` of the field. */
export function fitsSql(field: string, type: FoundType, tried = `TRY_CAST(${field} AS ${type})`): string {
  const shape = matchSql(field, SHAPES[type])
  switch (type) {
    case 'BOOLEAN': return shape
    case 'DOUBLE': return `(${shape} AND ${isKeptByDoubleSql(field, tried)})`
    // there is no year 0, which the engine would take for one before our era
    case 'DATE': case 'TIMESTAMP': case 'TIMESTAMP WITH TIME ZONE': return `(${shape} AND NOT starts_with(${field}, '0000') AND ${tried} IS NOT NULL)`
    default: return `(${shape} AND ${tried} IS NOT NULL)`
  }
}

/** Conditions that cost less than `fitsSql`: one of them is true of most values that fit, and none of one that does not. What is written as the engine writes it is kept. */
function quickSql(field: string, type: FoundType, tried: string): string[] {
  const isSameText = `CAST(${tried} AS VARCHAR) = ${field}`
  switch (type) {
    case 'BIGINT': return [isSameText]
    case 'DOUBLE': return [`(strlen(${field}) < 16 AND ${matchSql(field, '-?(0|[1-9][0-9]*)([.][0-9]+)?')})`, isSameText]
    case 'DATE': case 'TIMESTAMP': return [`(${tried} BETWEEN ${type} '0001-01-01' AND ${type} '9999-12-31' AND ${isSameText})`]
    default: return []
  }
}

function matchSql(field: string, pattern: string): string {
  return `regexp_full_match(${field}, ${quoteLiteral(pattern)})`
}

function isKeptByDoubleSql(field: string, value: string): string {
  const digits = digitsSql(field)
  const isKept = `(abs(${value}) >= 2.3e-308 AND strlen(${digits}) <= 15) OR ${digitsSql(`CAST(${value} AS VARCHAR)`)} = ${digits}`
  return `(${digits} = '' OR contains(lower(${field}), 'n') OR (abs(${value}) <= 1.7976931348623157e308 AND ${value} <> 0 AND (${isKept})))`
}

function digitsSql(text: string): string {
  return `trim(regexp_replace(${text}, '[eE].*|[-.]', '', 'g'), '0')`
}

/** Is a value one of a type that people chose? */
export function chosenFitsSql(field: string, type: string): string {
  const isCast = `TRY_CAST(${field} AS ${type}) IS NOT NULL`
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return `(${matchSql(field, '[+-]?[0-9]+')} AND ${isCast})`
  if (type === 'DOUBLE' || type === 'FLOAT') return `(${matchSql(field, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[nN]a[nN]|-?[iI]nf|-?Infinity')} AND ${isCast} AND (NOT isinf(TRY_CAST(${field} AS ${type})) OR contains(lower(${field}), 'n')))`
  const [, scale] = /^DECIMAL\(\d+,(\d+)\)$/.exec(type) ?? []
  if (scale !== undefined) return `(${matchSql(field, `[+-]?([0-9]+([.][0-9]{0,${scale}}0*)?|[.][0-9]{0,${scale}}0*)`)} AND ${isCast})`
  if (type === 'BOOLEAN') return `(${matchSql(field, '(?i:true|false|t|f|yes|no|y|n|1|0)')} AND ${isCast})`
  if (type === 'TIMESTAMP WITH TIME ZONE') return `(${fitsSql(field, type)} OR ${fitsSql(field, 'TIMESTAMP')})`
  if (isFoundType(type)) return fitsSql(field, type)
  return isCast
}
