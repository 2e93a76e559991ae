import { FoundColumn } from './found-column'
import { JsonFault } from './json-fault'
import { Kind } from './scan-value'
import type { ObjectScanner } from './scan-object'
import type { RowsWriter } from '../rows-writer'

/** Objects with more fields than this use names as values: of users, of days. No table is so wide. */
const FIELDS_MAX = 2000

/** The fields of all objects of a file, in the order in which they were first seen. Each row is written by it. */
export class FoundColumns {
  readonly all: FoundColumn[] = []
  rows = 0
  /** Did fields come up after rows had been written? Those rows are shorter. */
  isRagged = false
  /** Objects in which a name was used twice. */
  rowsWithRepeats = 0
  private readonly byKey = new Map<string, FoundColumn>()
  /** Which column the nth field of an object was the last time: the same again, nearly always. */
  private readonly guesses: FoundColumn[] = []
  /** Which field of the object is the value of a column; -1 for none. */
  private fieldOf = new Int32Array(64)

  constructor(private readonly rawKeys: ReadonlySet<string>) {}

  writeRow(writer: RowsWriter, bytes: Uint8Array, object: ObjectScanner): void {
    const known = this.all.length
    this.fieldOf.fill(-1, 0, known)
    let hasRepeats = false
    for (let field = 0; field < object.fields; field++) {
      const column = this.columnOf(bytes, object, field)
      if (column.lastRow === this.rows) hasRepeats = true
      column.lastRow = this.rows
      // the last of several values counts, as everywhere
      this.fieldOf[column.index] = field
    }
    if (hasRepeats) this.rowsWithRepeats++
    if (this.all.length > known && this.rows > 0) this.isRagged = true
    this.rows++
    this.writeValues(bytes, object, writer)
  }

  private writeValues(bytes: Uint8Array, object: ObjectScanner, writer: RowsWriter): void {
    const { all, fieldOf } = this
    // an empty line would be no row
    if (all.length === 0) writer.null()
    for (let index = 0; index < all.length; index++) {
      if (index > 0) writer.separate()
      const column = all[index]!
      const field = fieldOf[index]!
      const kind = field < 0 ? Kind.null : object.kind[field]!
      if (kind === Kind.null) {
        writer.null()
        continue
      }
      const [from, to] = [object.from[field]!, object.to[field]!]
      column.see(kind, bytes, from, to)
      if (kind === Kind.nested || (column.isRaw && kind === Kind.string)) writer.quoted(bytes, from, to)
      else if (kind === Kind.string && object.isEscaped[field]) writeDecoded(bytes, from, to, writer)
      else writer.bytes(bytes, from, to)
    }
    writer.endRow()
  }

  private columnOf(bytes: Uint8Array, object: ObjectScanner, field: number): FoundColumn {
    const from = object.nameFrom[field]!
    const to = object.nameTo[field]!
    const guess = this.guesses[field]
    if (guess && !object.nameIsEscaped[field] && isSame(guess.keyBytes, bytes, from, to)) return guess
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
    const key = object.nameIsEscaped[field] ? (JSON.parse(`"${text}"`) as string) : text
    const column = this.byKey.get(key) ?? this.add(key, from)
    this.guesses[field] = column
    return column
  }

  private add(key: string, at: number): FoundColumn {
    if (this.all.length === FIELDS_MAX) throw new JsonFault(at, `the objects have more than ${FIELDS_MAX.toLocaleString('en')} different fields`)
    const column = new FoundColumn(this.all.length, key, Buffer.from(key), this.rawKeys.has(key))
    this.all.push(column)
    this.byKey.set(key, column)
    if (this.fieldOf.length < this.all.length) {
      const longer = new Int32Array(this.fieldOf.length * 2).fill(-1)
      longer.set(this.fieldOf)
      this.fieldOf = longer
    }
    // its values in this object are yet to be told
    this.fieldOf[column.index] = -1
    return column
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (key.length !== to - from) return false
  for (let index = 0; index < key.length; index++) if (key[index] !== bytes[from + index]) return false
  return true
}

function writeDecoded(bytes: Uint8Array, from: number, to: number, writer: RowsWriter): void {
  const decoded = Buffer.from(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')) as string)
  writer.quoted(decoded, 0, decoded.length)
}
