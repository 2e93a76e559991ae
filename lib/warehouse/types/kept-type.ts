import { NULL_TYPE, parseType, printType, type TypeNode } from './type-name'

const KEPT = new Set([
  'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'FLOAT', 'DOUBLE', 'VARCHAR', 'JSON', 'BLOB', 'UUID',
  'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE',
])

/** What the other scalars become, so that no value of them is lost. A VARIANT is JSON whose dates and bytes are texts. */
const KEPT_AS: Record<string, string> = { TIMESTAMP_S: 'TIMESTAMP', TIMESTAMP_MS: 'TIMESTAMP', VARIANT: 'JSON', [NULL_TYPE]: 'VARCHAR' }

/**
 * Does our Parquet give every value of this type back unchanged, under the same type? Not so INTERVAL (milliseconds), HUGEINT (a double), TIMETZ (no offset),
 * fixed arrays (lists), and what comes back as text.
 */
export function isKept(type: string): boolean {
  return isKeptNode(parseType(type))
}

/** The type that a table has for values of a type: itself when it is kept, else one that holds each of its values. A column of NULLs becomes text. */
export function keptType(type: string): string {
  return printType(keptNode(parseType(type)))
}

function isKeptNode(type: TypeNode): boolean {
  switch (type.kind) {
    case 'scalar': return KEPT.has(type.name)
    case 'decimal': return true
    case 'list': return isKeptNode(type.element)
    case 'struct': return type.fields.every((field) => isKeptNode(field.type))
    case 'map': return isKeptNode(type.key) && isKeptNode(type.value)
    default: return false
  }
}

/** `keepNull`: leave what holds nothing but NULL open, since a merge may find its type yet. */
export function keptNode(type: TypeNode, keepNull = false): TypeNode {
  switch (type.kind) {
    case 'scalar':
      if (KEPT.has(type.name) || (keepNull && type.name === NULL_TYPE)) return type
      return { kind: 'scalar', name: KEPT_AS[type.name] ?? 'VARCHAR' }
    case 'decimal': return type
    case 'list':
    case 'array': return { kind: 'list', element: keptNode(type.element, keepNull) }
    case 'struct': return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: keptNode(field.type, keepNull) })) }
    case 'map': return { kind: 'map', key: keptNode(type.key, keepNull), value: keptNode(type.value, keepNull) }
    case 'enum':
    case 'geometry': return { kind: 'scalar', name: 'VARCHAR' }
  }
}
