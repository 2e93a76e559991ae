import { open, type FileHandle } from 'node:fs/promises'
import { FileProblem } from '../file-problem'
import type { LocalFile } from '../format'
import { ThriftError, ThriftReader } from './thrift'

/** Larger ones are of files with hundreds of thousands of columns and row groups. */
const FOOTER_BYTES_MAX = 64 * 1024 * 1024
const CODECS = ['none', 'Snappy', 'gzip', 'LZO', 'Brotli', 'LZ4', 'zstd', 'LZ4_RAW']
/** The engine has no others. */
const CODECS_READ = new Set([0, 1, 2, 4, 6, 7])

/** What a Parquet file tells of itself, as far as the engine's own words leave it open. */
export interface Footer {
  rows: number
  /** Where the rows end and the description begins. */
  dataEnd: number
  schema: SchemaElement[]
  rowGroups: { rows: number; columns: ColumnChunk[] }[]
  /** Names of what its writer noted. */
  notes: string[]
}

export interface SchemaElement {
  name: string
  /** 3: INT96. Absent: a group. */
  physical: number | null
  /** 0 required, 1 optional, 2 repeated. */
  repetition: number
  children: number
  precision: number
  fieldId: number | null
  converted: number | null
  /** The number of its logical type in the union of Parquet's Thrift. */
  logical: number | null
  isNanos: boolean
  isUtc: boolean
}

export interface ColumnChunk {
  path: string[]
  codec: number
  values: number
  /** Where its pages begin and how long they are together. */
  start: number
  bytes: number
}

/** Read the end of a file. Throws FileProblem for what is no Parquet, is broken, or cannot be read by the engine, before that one looks at it. */
export async function readFooter(file: LocalFile): Promise<Footer> {
  const handle = await open(file.path)
  try {
    return await footerOf(handle, file)
  } finally {
    await handle.close()
  }
}

async function footerOf(handle: FileHandle, file: LocalFile): Promise<Footer> {
  const { size } = await handle.stat()
  const head = Buffer.alloc(4)
  const tail = Buffer.alloc(8)
  if (size >= 12) {
    await handle.read(head, 0, 4, 0)
    await handle.read(tail, 0, 8, size - 8)
  }
  const magic = tail.toString('latin1', 4)
  if (magic === 'PARE') throw encrypted(file)
  if (head.toString('latin1') !== 'PAR1') throw notParquet(file, size === 0 ? 'It is empty' : 'It does not begin with PAR1')
  if (magic !== 'PAR1') throw notParquet(file, 'It does not end with PAR1: the end of the file is missing, or it was not written to its end')
  const length = tail.readUInt32LE(0)
  if (length > size - 12) throw broken(file, `The description at its end should take ${length} bytes, the file has ${size}`)
  if (length > FOOTER_BYTES_MAX) throw broken(file, `The description at its end takes ${length} bytes, more than ${FOOTER_BYTES_MAX}`)
  const bytes = Buffer.alloc(length)
  await handle.read(bytes, 0, length, size - 8 - length)
  return checked(parsed(bytes, size - 8 - length, file), file)
}

function parsed(bytes: Uint8Array, dataEnd: number, file: LocalFile): Footer {
  const reader = new ThriftReader(bytes)
  const footer: Footer = { rows: 0, dataEnd, schema: [], rowGroups: [], notes: [] }
  try {
    reader.struct((id, type) => {
      if (id === 2) footer.schema = reader.list(type, () => schemaElement(reader))
      else if (id === 3) footer.rows = reader.int(type)
      else if (id === 4) footer.rowGroups = reader.list(type, () => rowGroup(reader, file))
      else if (id === 5) footer.notes = reader.list(type, () => noteName(reader))
      else if (id === 8) throw encrypted(file)
      else return false
    })
  } catch (error) {
    throw error instanceof ThriftError ? broken(file, `The description at its end ${error.message}`, error) : error
  }
  return footer
}

function checked(footer: Footer, file: LocalFile): Footer {
  const rows = footer.rowGroups.reduce((sum, group) => sum + group.rows, 0)
  // some writers put 0 for "see below"
  if (footer.rows === 0) footer.rows = rows
  if (footer.rows !== rows || footer.rowGroups.some((group) => group.rows < 0)) throw broken(file, `It should hold ${footer.rows} rows, its parts hold ${rows}`)
  checkTree(footer.schema, file)
  const leaves = footer.schema.slice(1).filter((element) => element.children === 0).length
  for (const [at, group] of footer.rowGroups.entries()) {
    if (group.columns.length !== leaves) throw broken(file, `Row group ${at + 1} holds ${group.columns.length} columns in place of ${leaves}`)
    for (const chunk of group.columns) checkChunk(chunk, at, footer.dataEnd, file)
  }
  return footer
}

function checkChunk(chunk: ColumnChunk, group: number, dataEnd: number, file: LocalFile): void {
  const place = `Row group ${group + 1}, column ${chunk.path.join('.')}`
  if (chunk.values === 0) return // where nothing is, its place may be anything
  if (chunk.start < 4 || chunk.bytes < 0 || chunk.values < 0 || chunk.start + chunk.bytes > dataEnd) throw broken(file, `${place}: it should lie at ${chunk.start}, ${chunk.bytes} bytes long, where the file has none of it`)
  if (CODECS_READ.has(chunk.codec)) return
  throw new FileProblem(`${file.address} is compressed in a way that cannot be read`, `${place}: ${CODECS[chunk.codec] ?? `codec ${chunk.codec}`}`, 'Write it with Snappy, zstd, gzip, Brotli or LZ4_RAW')
}

/** The schema is a tree in a row: every group must have as many children as it says. */
function checkTree(schema: SchemaElement[], file: LocalFile): void {
  let at = 0
  const walk = (depth: number): void => {
    const element = schema[at++]
    if (!element || depth > 100) throw broken(file, 'The tree of its columns is broken')
    const isLeaf = element.physical !== null
    if (element.children < 0 || (isLeaf && (element.children > 0 || element.physical! > 7 || element.physical! < 0))) throw broken(file, `Column ${element.name} has a type that Parquet does not know`)
    for (let i = 0; i < element.children; i++) walk(depth + 1)
  }
  walk(0)
  if (at !== schema.length) throw broken(file, 'The tree of its columns is broken')
}

function schemaElement(reader: ThriftReader): SchemaElement {
  const element: SchemaElement = { name: '', physical: null, repetition: 0, children: 0, precision: 0, fieldId: null, converted: null, logical: null, isNanos: false, isUtc: false }
  reader.struct((id, type) => {
    if (id === 1) element.physical = reader.int(type)
    else if (id === 3) element.repetition = reader.int(type)
    else if (id === 4) element.name = reader.text(type)
    else if (id === 5) element.children = reader.int(type)
    else if (id === 6) element.converted = reader.int(type)
    else if (id === 8) element.precision = reader.int(type)
    else if (id === 9) element.fieldId = reader.int(type)
    else if (id === 10) readLogicalType(reader, element)
    else return false
  })
  return element
}

function readLogicalType(reader: ThriftReader, element: SchemaElement): void {
  reader.struct((kind) => {
    element.logical = kind
    reader.struct((id, type) => {
      if ((kind === 7 || kind === 8) && id === 1) element.isUtc = reader.bool(type)
      else if ((kind === 7 || kind === 8) && id === 2) reader.struct((unit) => { element.isNanos = unit === 3; return false })
      else if (kind === 5 && id === 2) element.precision = reader.int(type)
      else return false
    })
  })
}

function rowGroup(reader: ThriftReader, file: LocalFile): { rows: number; columns: ColumnChunk[] } {
  const group = { rows: 0, columns: new Array<ColumnChunk>() }
  reader.struct((id, type) => {
    if (id === 1) group.columns = reader.list(type, () => columnChunk(reader, file))
    else if (id === 3) group.rows = reader.int(type)
    else return false
  })
  return group
}

function columnChunk(reader: ThriftReader, file: LocalFile): ColumnChunk {
  const chunk: ColumnChunk = { path: [], codec: 0, values: 0, start: 0, bytes: 0 }
  reader.struct((id, type) => {
    if (id === 1 && reader.text(type) !== '') throw new FileProblem(`${file.address} is only a part of a Parquet file`, 'Its columns lie in other files', 'Choose the files that hold the columns, by another pattern')
    if (id === 8 || id === 9) throw encrypted(file)
    if (id === 3) readColumnMetadata(reader, chunk)
    else if (id !== 1) return false
  })
  return chunk
}

function readColumnMetadata(reader: ThriftReader, chunk: ColumnChunk): void {
  let [data, dictionary] = [0, 0]
  reader.struct((id, type) => {
    if (id === 3) chunk.path = reader.list(type, (element) => reader.text(element))
    else if (id === 4) chunk.codec = reader.int(type)
    else if (id === 5) chunk.values = reader.int(type)
    else if (id === 7) chunk.bytes = reader.int(type)
    else if (id === 9) data = reader.int(type)
    else if (id === 11) dictionary = reader.int(type)
    else return false
  })
  // some writers put 0 for "there is none"
  chunk.start = dictionary > 0 && dictionary < data ? dictionary : data
}

function noteName(reader: ThriftReader): string {
  let name = ''
  reader.struct((id, type) => {
    if (id !== 1) return false
    name = reader.text(type)
  })
  return name
}

export function broken(file: LocalFile, detail: string, cause?: unknown): FileProblem {
  return new FileProblem(`${file.address} is broken`, detail, 'Write the file again, or upload it again', cause)
}

function notParquet(file: LocalFile, detail: string): FileProblem {
  return new FileProblem(`${file.address} is no Parquet file`, detail, 'Write it again, choose its format, or leave it out by another pattern')
}

function encrypted(file: LocalFile): FileProblem {
  return new FileProblem(`${file.address} is encrypted`, 'Its columns can only be read with the keys of who wrote it', 'Write it without Parquet encryption; the store can encrypt it as a whole')
}
