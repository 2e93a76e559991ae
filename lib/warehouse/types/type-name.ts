import { AppError } from '@/lib/core/errors'
import { quoteLiteral } from '../sql-text'

/** A DuckDB type, taken apart. What is not here is no type that a table can have. */
export type TypeNode =
  | { kind: 'scalar'; name: string }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'enum'; members: string[] }
  | { kind: 'geometry'; crs: string | null }
  | { kind: 'list'; element: TypeNode }
  | { kind: 'array'; element: TypeNode; length: number }
  | { kind: 'struct'; fields: StructField[] }
  | { kind: 'map'; key: TypeNode; value: TypeNode }

export interface StructField {
  name: string
  /** The name as it is written in a type: the engine quotes its own words. */
  label: string
  type: TypeNode
}

/** The type of a column that holds nothing but NULL, as the engine writes it. */
export const NULL_TYPE = '"NULL"'

const SCALARS = [
  'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT', 'BIGNUM', 'FLOAT', 'DOUBLE', 'VARCHAR', 'JSON', 'BLOB',
  'BIT', 'UUID', 'DATE', 'TIME', 'TIME_NS', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'INTERVAL', 'VARIANT',
]
const ALIASES: Record<string, string> = { TEXT: 'VARCHAR', REAL: 'FLOAT', TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE', TIMETZ: 'TIME WITH TIME ZONE' }
/** Deeper ones are of nobody's data, and would exhaust the stack. */
const DEPTH_MAX = 64

/** Reads the text of a type, as DESCRIBE writes it. It is also the guard that a text is a type, and no SQL of somebody else: `printType` of it is. */
export function parseType(text: string): TypeNode {
  const reader = new TypeReader(text)
  const type = reader.type(0)
  if (!reader.isAtEnd()) throw reader.error()
  return type
}

export function printType(type: TypeNode): string {
  switch (type.kind) {
    case 'scalar': return type.name
    case 'decimal': return `DECIMAL(${type.precision},${type.scale})`
    case 'enum': return `ENUM(${type.members.map(quoteLiteral).join(', ')})`
    case 'geometry': return type.crs === null ? 'GEOMETRY' : `GEOMETRY(${quoteLiteral(type.crs)})`
    case 'list': return `${printType(type.element)}[]`
    case 'array': return `${printType(type.element)}[${type.length}]`
    case 'struct': return `STRUCT(${type.fields.map((field) => `${field.label} ${printType(field.type)}`).join(', ')})`
    case 'map': return `MAP(${printType(type.key)}, ${printType(type.value)})`
  }
}

/** The one way in which a type is written here: TEXT is VARCHAR, `decimal(4, 1)` is DECIMAL(4,1). */
export function canonicalType(text: string): string {
  return printType(parseType(text))
}

export function isNested(type: TypeNode): boolean {
  return type.kind === 'list' || type.kind === 'array' || type.kind === 'struct' || type.kind === 'map' || (type.kind === 'scalar' && type.name === 'VARIANT')
}

/** The engine knows a field whatever the capitals of its name, those of ASCII. */
export function fieldKey({ name }: { name: string }): string {
  return name.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}

/** A walk over the text, word by word. */
class TypeReader {
  private at = 0

  constructor(private readonly text: string) {}

  type(depth: number): TypeNode {
    if (depth > DEPTH_MAX) throw this.error()
    let type = this.base(depth)
    for (let suffix = this.take(/\s*\[(\d{0,6})\]/y); suffix; suffix = this.take(/\s*\[(\d{0,6})\]/y)) {
      if (++depth > DEPTH_MAX) throw this.error()
      type = suffix[1] ? { kind: 'array', element: type, length: Number(suffix[1]) } : { kind: 'list', element: type }
    }
    return type
  }

  isAtEnd(): boolean {
    this.take(/\s+/y)
    return this.at === this.text.length
  }

  error(): AppError {
    const shown = this.text.length > 200 ? `${this.text.slice(0, 200)}…` : this.text
    return new AppError('invalid', { title: 'A column has a type that a table cannot have', detail: shown, advice: 'Leave the column out, or turn it into text where the data is made' })
  }

  private base(depth: number): TypeNode {
    if (this.take(/\s*"NULL"/y)) return { kind: 'scalar', name: NULL_TYPE }
    const word = this.take(/\s*([A-Za-z_]+(?: WITH TIME ZONE)?)/iy)?.[1]?.toUpperCase() ?? ''
    const name = ALIASES[word] ?? word
    if (name === 'DECIMAL') return this.decimal()
    if (name === 'ENUM') return this.enum()
    if (name === 'GEOMETRY') return this.geometry()
    if (name === 'STRUCT') return this.struct(depth)
    if (name === 'MAP') return this.map(depth)
    if (SCALARS.includes(name) || name === ALIASES.TIMESTAMPTZ || name === ALIASES.TIMETZ) return { kind: 'scalar', name }
    throw this.error()
  }

  private decimal(): TypeNode {
    const [, precision, scale] = this.take(/\s*\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)/y) ?? [null, '18', '3']
    const type = { kind: 'decimal' as const, precision: Number(precision), scale: Number(scale ?? 0) }
    if (type.precision < 1 || type.precision > 38 || type.scale > type.precision) throw this.error()
    return type
  }

  private enum(): TypeNode {
    const members: string[] = []
    this.list(() => members.push(this.literal()))
    return { kind: 'enum', members }
  }

  private geometry(): TypeNode {
    if (!this.take(/\s*\(/y)) return { kind: 'geometry', crs: null }
    const crs = this.literal()
    if (!this.take(/\s*\)/y)) throw this.error()
    return { kind: 'geometry', crs }
  }

  private struct(depth: number): TypeNode {
    const fields: StructField[] = []
    this.list(() => {
      const label = this.take(/\s*("(?:[^"\0]|"")*"|[A-Za-z_][A-Za-z0-9_]*)(?=\s)/y)?.[1]
      if (label === undefined) throw this.error()
      fields.push({ label, name: label.startsWith('"') ? label.slice(1, -1).replaceAll('""', '"') : label, type: this.type(depth + 1) })
    })
    if (new Set(fields.map(fieldKey)).size < fields.length) throw this.error()
    return { kind: 'struct', fields }
  }

  private map(depth: number): TypeNode {
    const parts: TypeNode[] = []
    this.list(() => parts.push(this.type(depth + 1)))
    const [key, value] = parts
    if (!key || !value || parts.length > 2) throw this.error()
    return { kind: 'map', key, value }
  }

  /** `(item, item)`, with one item at least. */
  private list(item: () => void): void {
    if (!this.take(/\s*\(/y)) throw this.error()
    do item()
    while (this.take(/\s*,/y))
    if (!this.take(/\s*\)/y)) throw this.error()
  }

  private literal(): string {
    const text = this.take(/\s*'((?:[^'\0]|'')*)'/y)?.[1]
    if (text === undefined) throw this.error()
    return text.replaceAll("''", "'")
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match) this.at = pattern.lastIndex
    return match
  }
}
