import { inGroups, isAnyText, joinedSql, lengthsSql, NULLS, SEPARATOR } from '@/lib/core/row-text'
import type { SourceColumn } from '../contract'
import { quoteIdentifier, quoteLiteral } from './sql-text'

/**
 * The checksum of docs/checksums.md in SQL of Postgres. What costs most there is turning values into text and hashing it: texts are
 * taken as the output functions give them (`concat` calls those and nothing else), and NULLs are told apart only in rows that have any.
 */
export function rowHashSql(columns: SourceColumn[], version: number): string {
  const digits = `left(md5(${rowTextSql(columns)}), 15)`
  // since 16 a text with 0x is a number by itself, for half the time of the way by bits
  return version >= 160_000 ? `('0x' || ${digits})::bigint` : `('x' || ${digits})::bit(60)::bigint`
}

function rowTextSql(columns: SourceColumn[]): string {
  const names = columns.map(({ name }) => quoteIdentifier(name))
  const missing = inGroups(names).map((group) => `num_nulls(${group.join(', ')})`).join(' + ')
  const marks = inGroups(names).map((group) => `concat(${group.map((name) => `num_nulls(${name})`).join(', ')})`).join(' || ')
  const lengths = columns.filter(isAnyText).map((column) => `octet_length(${textSql(column)})`)
  return joinedSql(`CASE WHEN ${missing} > 0 THEN ${quoteLiteral(NULLS)} || ${marks} END`, lengthsSql(lengths), columns.map(fieldSql), quoteLiteral(SEPARATOR))
}

/** As the source prints the value; NULL only where the value is: a composite of NULLs is NULL to IS NULL, and has a text all the same. */
function textSql(column: SourceColumn): string {
  const name = quoteIdentifier(column.name)
  return isText(column) ? name : `CASE WHEN num_nulls(${name}) = 0 THEN concat(${name}) END`
}

function fieldSql(column: SourceColumn): string {
  const name = quoteIdentifier(column.name)
  if (isAnyText(column)) return textSql(column)
  if (column.type.endsWith('[]')) return listSql(name, column.type.slice(0, -2))
  if (column.type === 'BLOB') return `encode(${name}, 'hex')`
  if (column.type === 'JSON' && column.encoding === 'cast') return `${name}::json`
  if (column.type.startsWith('DECIMAL')) return `${name}::numeric`
  return bitsSql(name, column.type) ?? name
}

/** A float is compared by its bits: its text is another one for each version of Postgres. */
function bitsSql(value: string, type: string): string | null {
  const send = { FLOAT: 'float4send', DOUBLE: 'float8send' }[type]
  return send === undefined ? null : `CASE WHEN ${value} = 'NaN' THEN 'NaN' ELSE encode(${send}(${value}), 'hex') END`
}

/** The texts that a read gives of the elements too, each with its length. */
function listSql(name: string, element: string): string {
  const bits = bitsSql('e', element)
  const text = bits ?? 'e'
  const elements = bits ? name : `${name}::text[]`
  const item = `CASE WHEN e IS NULL THEN 'N' ELSE octet_length(${text}) || ':' || ${text} END`
  return `CASE WHEN ${name} IS NOT NULL THEN (SELECT concat('[', string_agg(${item}, ','), ']') FROM unnest(${elements}) AS e) END`
}

/** Is the value itself what a read gives, without an output function that does something to it? */
export function isText({ sourceType }: SourceColumn): boolean {
  return /^(text|character varying(\(\d+\))?)$/.test(sourceType)
}
