import { z } from 'zod'
import { quoteIdentifier } from '../../sql-text'
import { deltaProblem, unknownFeature } from './delta-problem'

/** A column, or a field of one: its name for people, its name in the files, and its type. */
export interface DeltaField {
  name: string
  physical: string
  /** Its id in the files, where columns are mapped by ids. */
  id: number | null
  type: DeltaType
}

export type DeltaType = { kind: 'plain'; duckdb: string } | { kind: 'list'; element: DeltaType } | { kind: 'map'; key: DeltaType; value: DeltaType } | { kind: 'struct'; fields: DeltaField[] }

const PLAIN: Record<string, string> = {
  string: 'VARCHAR', long: 'BIGINT', integer: 'INTEGER', short: 'SMALLINT', byte: 'TINYINT', float: 'FLOAT', double: 'DOUBLE', boolean: 'BOOLEAN', binary: 'BLOB', date: 'DATE',
  timestamp: 'TIMESTAMP WITH TIME ZONE', timestamp_ntz: 'TIMESTAMP', void: 'VARCHAR',
}
const DEPTH_MAX = 50

const Field = z.object({ name: z.string().min(1), type: z.unknown(), metadata: z.record(z.string(), z.unknown()).nullish() })
const Struct = z.object({ type: z.literal('struct'), fields: z.array(Field) })
const List = z.object({ type: z.literal('array'), elementType: z.unknown() })
const Mapping = z.object({ type: z.literal('map'), keyType: z.unknown(), valueType: z.unknown() })

/** The columns of a table, by the schema in its log. */
export function parseDeltaSchema(text: string, isMapped: boolean): DeltaField[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw deltaProblem('The schema in its log is no JSON', undefined, error)
  }
  const schema = Struct.safeParse(json)
  if (!schema.success) throw deltaProblem('The schema in its log is not understood', undefined, schema.error)
  return fieldsOf(schema.data.fields, isMapped, 0)
}

function fieldsOf(fields: z.infer<typeof Field>[], isMapped: boolean, depth: number): DeltaField[] {
  return fields.map(({ name, type, metadata }) => {
    const physical = metadata?.['delta.columnMapping.physicalName']
    const id = metadata?.['delta.columnMapping.id']
    if (isMapped && typeof physical !== 'string') throw deltaProblem(`Column ${name} has no name in the files, though columns are mapped`)
    return { name, physical: isMapped ? String(physical) : name, id: isMapped && typeof id === 'number' ? id : null, type: typeOf(type, name, isMapped, depth + 1) }
  })
}

function typeOf(type: unknown, column: string, isMapped: boolean, depth: number): DeltaType {
  if (depth > DEPTH_MAX) throw deltaProblem(`Column ${column} is nested too deeply`)
  if (typeof type === 'string') return plainType(type, column)
  const [struct, list, map] = [Struct.safeParse(type), List.safeParse(type), Mapping.safeParse(type)]
  if (struct.success) return { kind: 'struct', fields: fieldsOf(struct.data.fields, isMapped, depth) }
  if (list.success) return { kind: 'list', element: typeOf(list.data.elementType, column, isMapped, depth + 1) }
  if (map.success) return { kind: 'map', key: typeOf(map.data.keyType, column, isMapped, depth + 1), value: typeOf(map.data.valueType, column, isMapped, depth + 1) }
  throw deltaProblem(`Column ${column} has a type that is not understood: ${JSON.stringify(type).slice(0, 200)}`)
}

function plainType(type: string, column: string): DeltaType {
  const [, precision, scale] = /^decimal\((\d{1,2}),\s*(\d{1,2})\)$/.exec(type) ?? (type === 'decimal' ? ['', '10', '0'] : [])
  const duckdb = precision === undefined ? PLAIN[type] : `DECIMAL(${precision},${scale})`
  if (duckdb === undefined) throw type === 'variant' ? unknownFeature('variantType') : deltaProblem(`Column ${column} has a type that is not understood: ${type.slice(0, 100)}`)
  return { kind: 'plain', duckdb }
}

/** As a DuckDB type, with the names for people, or with those in the files. */
export function duckdbType(type: DeltaType, naming: 'name' | 'physical'): string {
  if (type.kind === 'plain') return type.duckdb
  if (type.kind === 'list') return `${duckdbType(type.element, naming)}[]`
  if (type.kind === 'map') return `MAP(${duckdbType(type.key, naming)}, ${duckdbType(type.value, naming)})`
  return `STRUCT(${type.fields.map((field) => `${quoteIdentifier(field[naming])} ${duckdbType(field.type, naming)}`).join(', ')})`
}

/** Do fields inside have other names in the files than for people? */
export function isRenamed(type: DeltaType): boolean {
  if (type.kind === 'plain') return false
  if (type.kind === 'list') return isRenamed(type.element)
  if (type.kind === 'map') return isRenamed(type.key) || isRenamed(type.value)
  return type.fields.some((field) => field.name !== field.physical || isRenamed(field.type))
}
