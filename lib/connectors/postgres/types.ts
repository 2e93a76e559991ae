import type { Encoding } from '../contract'

/** A row of pg_type, as far as it is needed. */
export interface PgType {
  oid: number
  namespace: string
  name: string
  /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange */
  kind: string
  /** The element's type when this is a true array, else 0. */
  element: number
  /** Of a domain: what it is made over. */
  base: number
  baseModifier: number
  notNull: boolean
}

export interface TypeContext {
  types: Map<number, PgType>
  /** How many decimal places `money` has in this database (lc_monetary). */
  moneyScale: number
}

/** The DuckDB type that keeps the values, how they travel, and what a reader should know. */
export interface MappedType {
  type: string
  encoding: Encoding
  note?: string
  fidelity?: 'widened' | 'text'
}

/** A text upstream too. */
const text = (note?: string): MappedType => ({ type: 'VARCHAR', encoding: 'plain', note })
const asText = (note: string): MappedType => ({ type: 'VARCHAR', encoding: 'plain', note, fidelity: 'text' })
const plain = (type: string, note?: string): MappedType => ({ type, encoding: 'plain', note })

/**
 * pg_catalog types. What DuckDB makes of each text was tried at every extreme (types.db.test.ts). `cast` for
 * timestamptz: DuckDB's CSV reader turns a text that it cannot read as one into NULL, without an error.
 */
const BUILT_IN: Record<string, MappedType> = {
  int2: plain('SMALLINT'),
  int4: plain('INTEGER'),
  int8: plain('BIGINT'),
  oid: plain('UINTEGER'),
  float4: plain('FLOAT'),
  float8: plain('DOUBLE'),
  bool: plain('BOOLEAN'),
  text: text(),
  varchar: text(),
  bpchar: text(),
  name: text(),
  xml: text(),
  bytea: { type: 'BLOB', encoding: 'hex' },
  date: { type: 'DATE', encoding: 'date' },
  timestamp: plain('TIMESTAMP'),
  timestamptz: { type: 'TIMESTAMPTZ', encoding: 'cast' },
  time: plain('TIME'),
  uuid: plain('UUID'),
  json: plain('JSON'),
  jsonb: plain('JSON'),
  timetz: asText('Kept as text: a time with an offset has no exact column type here'),
  interval: asText('Kept as text, as Postgres prints it: months, days and microseconds have no exact column type here'),
  inet: asText('Kept as text: an address and its prefix'),
  cidr: asText('Kept as text: a network and its prefix'),
  macaddr: asText('Kept as text'),
  macaddr8: asText('Kept as text'),
  bit: asText('Kept as text: its bits as 0 and 1'),
  varbit: asText('Kept as text: its bits as 0 and 1'),
  tsvector: asText('Kept as text: the words and their places'),
  tsquery: asText('Kept as text'),
  jsonpath: asText('Kept as text'),
  pg_lsn: asText('Kept as text'),
  pg_snapshot: asText('Kept as text'),
  txid_snapshot: asText('Kept as text'),
  xid: asText('Kept as text: a transaction number that wraps around'),
  xid8: plain('UBIGINT'),
  cid: asText('Kept as text'),
  tid: asText('Kept as text: a place in the table that changes with every update'),
  char: asText('Kept as text: a single byte'),
}

const GEOMETRIC = new Set(['point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle'])

/** Types of extensions, by name: they live in whatever schema the extension was installed in. */
const EXTENSIONS: Record<string, MappedType> = {
  citext: text('Kept as text; it compares without regard to capitals in Postgres, and with regard here'),
  hstore: { type: 'JSON', encoding: 'cast', note: 'Kept as a JSON object of texts', fidelity: 'widened' },
  geometry: asText('Kept as hexadecimal EWKB, as PostGIS prints it'),
  geography: asText('Kept as hexadecimal EWKB, as PostGIS prints it'),
  raster: asText('Kept as hexadecimal WKB, as PostGIS prints it'),
  ltree: asText('Kept as text: the path with dots'),
  vector: asText('Kept as text: the list of numbers'),
}

const MAX_DIGITS = 38

/** Where a column of this type is at home. A value that does not fit moves its column to text as a whole. */
export function mapType(oid: number, modifier: number, context: TypeContext): MappedType {
  const type = context.types.get(oid)
  if (!type) return asText('Kept as text: a type that the server does not describe')
  if (type.kind === 'd') return mapType(type.base, type.baseModifier, context)
  if (type.kind === 'e') return text()
  if (type.kind === 'c') return asText('Kept as text, as Postgres prints a row: (a,b,…)')
  if (type.kind === 'r' || type.kind === 'm') return asText('Kept as text, as Postgres prints a range')
  if (type.element) return mapArray(type.element, modifier, context)
  if (type.namespace === 'pg_catalog') return mapBuiltIn(type.name, modifier, context)
  return EXTENSIONS[type.name] ?? asText(`Kept as text, as ${type.name} prints itself`)
}

function mapBuiltIn(name: string, modifier: number, { moneyScale }: TypeContext): MappedType {
  if (name === 'numeric') return mapNumeric(modifier)
  if (name === 'bpchar' && modifier > 0) return text('Filled with blanks to its length, as Postgres keeps it')
  if (name === 'money') return plain(`DECIMAL(19,${moneyScale})`, 'The amount; which currency it is depends on a setting of the database (lc_monetary)')
  if (GEOMETRIC.has(name)) return asText('Kept as text, as Postgres prints the shape')
  if (name.startsWith('reg')) return asText('Kept as text: the name of what it refers to')
  return BUILT_IN[name] ?? asText(`Kept as text, as Postgres prints ${name}`)
}

function mapNumeric(modifier: number): MappedType {
  const declared = numericSize(modifier)
  if (!declared) return asText('Kept as text: numeric without a precision can hold more digits than any number type; CAST it where you calculate')
  const { precision, scale } = declared
  if (precision > MAX_DIGITS) return asText(`Kept as text: it may have ${precision} digits, and a number here has ${MAX_DIGITS} at most`)
  if (scale < 0 || scale > precision) return asText('Kept as text: its scale lies outside its precision')
  return plain(`DECIMAL(${precision},${scale})`)
}

/** The precision and scale of numeric(p,s); null when none was declared. */
export function numericSize(modifier: number): { precision: number; scale: number } | null {
  if (modifier < 4) return null
  const packed = modifier - 4
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 } // eleven bits with a sign
}

function mapArray(element: number, modifier: number, context: TypeContext): MappedType {
  const mapped = mapType(element, modifier, context)
  const isComposite = context.types.get(element)?.kind === 'c'
  if (mapped.encoding === 'hex' || mapped.encoding === 'json-list' || isComposite) return asText('Kept as text, as Postgres prints an array: {a,b,…}')
  if (mapped.type.startsWith('DECIMAL') && baseName(element, context) === 'money') return { type: 'VARCHAR[]', encoding: 'json-list', note: 'Amounts as text, with the sign of their currency', fidelity: 'text' }
  if (mapped.type === 'JSON' && mapped.encoding === 'cast') return { type: 'VARCHAR[]', encoding: 'json-list', note: 'Each element is kept as text', fidelity: 'text' }
  return { type: `${mapped.type}[]`, encoding: 'json-list', note: mapped.note, fidelity: mapped.fidelity }
}

/** The name of the type under all domains, when it is one of pg_catalog; else undefined. */
export function baseName(oid: number, context: TypeContext): string | undefined {
  const type = context.types.get(oid)
  if (type?.kind === 'd') return baseName(type.base, context)
  return type?.namespace === 'pg_catalog' ? type.name : undefined
}

/** Is any domain on the way to the base type NOT NULL? */
export function isNotNullDomain(oid: number, context: TypeContext): boolean {
  const type = context.types.get(oid)
  return type?.kind === 'd' && (type.notNull || isNotNullDomain(type.base, context))
}

const KEY_TYPES: Record<string, string> = { int2: 'integer', int4: 'integer', int8: 'integer', date: 'date', timestamp: 'timestamp', timestamptz: 'timestamp' }

/** Why a column of this type cannot be a replication key; null when it can. */
export function replicationKeyRefusal(oid: number, modifier: number, context: TypeContext): string | null {
  const type = context.types.get(oid)
  if (type?.kind === 'd') return replicationKeyRefusal(type.base, type.baseModifier, context)
  const name = baseName(oid, context)
  if (name && KEY_TYPES[name]) return null
  if (name === 'numeric') {
    const size = numericSize(modifier)
    if (!size) return 'numeric without a precision has no exact order here; numeric(p,0) can serve'
    if (size.scale !== 0) return 'It has decimal places; numeric with scale 0 can serve'
    return size.precision > MAX_DIGITS ? `It may have more than ${MAX_DIGITS} digits` : null
  }
  return 'Only whole numbers, dates and timestamps tell new rows from old ones'
}
