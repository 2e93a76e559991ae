import { quoteIdentifier, quoteLiteral } from '../sql-text'
import { fieldKey, isNested, NULL_TYPE, parseType, printType, type StructField, type TypeNode } from './type-name'

/**
 * An expression of type `from` as type `to`, which holds it (`mergeTypes`, `keptType`): the one cast by which a scan reads files of other types. A nested value
 * becomes text as JSON. The session's time zone has to be UTC.
 */
export function castSql(expression: string, from: string, to: string): string {
  const [source, target] = [parseType(from), parseType(to)]
  return printType(source) === printType(target) ? expression : cast(expression, source, target, 0)
}

function cast(value: string, from: TypeNode, to: TypeNode, depth: number): string {
  if (isPlain(from, to)) return `CAST(${value} AS ${printType(to)})`
  if (from.kind === 'array') return cast(`CAST(${value} AS ${printType({ kind: 'list', element: from.element })})`, { kind: 'list', element: from.element }, to, depth)
  if (to.kind === 'scalar') return to.name === 'JSON' ? `to_json(${value})` : `CAST(to_json(${value}) AS ${to.name})`
  const item = `v${depth}`
  if (from.kind === 'list' && to.kind === 'list') return `list_transform(${value}, lambda ${item}: ${cast(item, from.element, to.element, depth + 1)})`
  if (from.kind === 'struct' && to.kind === 'struct') return structSql(value, from.fields, to, depth)
  if (from.kind !== 'map' || to.kind !== 'map') return `CAST(${value} AS ${printType(to)})`
  const entry = `{'key': ${cast(`${item}.key`, from.key, to.key, depth + 1)}, 'value': ${cast(`${item}.value`, from.value, to.value, depth + 1)}}`
  return `map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry}))`
}

function structSql(value: string, from: StructField[], to: TypeNode & { kind: 'struct' }, depth: number): string {
  const sources = new Map(from.map((field) => [fieldKey(field), field]))
  const fields = to.fields.map((field) => {
    const source = sources.get(fieldKey(field))
    const part = source ? cast(`struct_extract(${value}, ${quoteLiteral(source.name)})`, source.type, field.type, depth) : `CAST(NULL AS ${printType(field.type)})`
    return `${quoteIdentifier(field.name)} := ${part}`
  })
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE CAST(struct_pack(${fields.join(', ')}) AS ${printType(to)}) END`
}

/** Does the engine's own cast do it? It writes nested values as texts that are no JSON, and knows no structs without a common field. */
function isPlain(from: TypeNode, to: TypeNode): boolean {
  if (from.kind === 'scalar' && from.name === NULL_TYPE) return true
  if (to.kind === 'scalar') return !isNested(from) || (from.kind === 'scalar' && to.name === 'JSON')
  if (from.kind === 'list' && to.kind === 'list') return isPlain(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return isPlain(from.key, to.key) && isPlain(from.value, to.value)
  if (from.kind !== 'struct' || to.kind !== 'struct') return from.kind !== 'array'
  const targets = new Map(to.fields.map((field) => [fieldKey(field), field]))
  const common = from.fields.flatMap((field) => [{ from: field.type, to: targets.get(fieldKey(field))?.type }])
  return common.some((field) => field.to) && common.every((field) => !field.to || isPlain(field.from, field.to))
}
