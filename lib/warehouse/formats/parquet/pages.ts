import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { LocalFile } from '../format'
import { broken, type ColumnChunk, type Footer } from './footer'
import { firstRepetition, repetitions } from './levels'
import { ThriftError, ThriftReader } from './thrift'

const WINDOW_BYTES = 256 * 1024
/** A page's head may hold the least and the greatest value of the page. */
const HEAD_BYTES_MAX = 16 * 1024 * 1024

interface Page {
  /** 0: data. 1: index. 2: dictionary. 3: data in the second form. */
  kind: number
  values: number
  bytes: number
  crc: number | null
  /** How the repetition levels of data in the first form are encoded. */
  levelEncoding: number
  /** Where its bytes begin, after its head. */
  start: number
}

/**
 * Walk over every page of a file: each must lie in the file and have the checksum that it carries, if it carries one (the engine does not
 * look), and all of a column must hold as many values as the file says. Reads the heads alone where there are no checksums.
 */
export async function checkPages(file: LocalFile, footer: Footer, signal?: AbortSignal): Promise<void> {
  const handle = await open(file.path)
  try {
    const window = new Window(handle, footer.dataEnd)
    const repeated = repetitions(footer.schema)
    for (const [group, { columns }] of footer.rowGroups.entries()) {
      for (const [leaf, chunk] of columns.entries()) {
        signal?.throwIfAborted()
        await checkChunk(window, chunk, repeated[leaf] ?? 0, file, `Row group ${group + 1}, column ${chunk.path.join('.')}`)
      }
    }
  } finally {
    await handle.close()
  }
}

async function checkChunk(window: Window, chunk: ColumnChunk, repeated: number, file: LocalFile, place: string): Promise<void> {
  let at = chunk.start
  // not until its bytes end: old writers count them without the dictionary's head
  for (let values = 0, number = 1; values < chunk.values; number++) {
    const page = await pageAt(window, at, (detail) => broken(file, `${place}, page ${number}: ${detail}`))
    at = page.start + page.bytes
    if (page.crc !== null && (await window.checksum(page.start, page.bytes)) !== page.crc >>> 0) throw broken(file, `${place}, page ${number}: its bytes are not those that were written, by its checksum`)
    if (page.kind !== 0 && page.kind !== 3) continue
    const isFirst = values === 0 && page.values > 0
    if (isFirst && repeated > 0 && (firstRepetition(page, chunk.codec, await window.bytes(page.start, Math.min(64, page.bytes)), repeated) ?? 0) > 0) throw broken(file, `${place}, page ${number}: it begins in the middle of a row`)
    values += page.values
    if (values > chunk.values) throw broken(file, `${place}: its pages hold more than the ${chunk.values} values that it should have`)
  }
}

async function pageAt(window: Window, at: number, problem: (detail: string) => Error): Promise<Page> {
  for (let length = 1024; ; length *= 16) {
    const bytes = await window.bytes(at, length)
    const reader = new ThriftReader(bytes)
    try {
      const page = pageHead(reader)
      page.start = at + reader.at
      if (page.bytes < 0 || page.values < 0 || page.start + page.bytes > window.end) throw new ThriftError('does not fit into the file')
      return page
    } catch (error) {
      if (!(error instanceof ThriftError)) throw error
      if (!error.isShort || bytes.length < length || length > HEAD_BYTES_MAX) throw problem(`its head ${error.message}`)
    }
  }
}

function pageHead(reader: ThriftReader): Page {
  const page: Page = { kind: -1, values: 0, bytes: -1, crc: null, levelEncoding: -1, start: 0 }
  reader.struct((id, type) => {
    if (id === 1) page.kind = reader.int(type)
    else if (id === 3) page.bytes = reader.int(type)
    else if (id === 4) page.crc = reader.int(type)
    else if (id === 5 || id === 7 || id === 8) {
      reader.struct((inner, innerType) => {
        if (inner === 1) page.values = reader.int(innerType)
        else if (inner === 4 && id === 5) page.levelEncoding = reader.int(innerType)
        else return false
      })
    } else return false
  })
  if (page.kind < 0 || page.kind > 3 || page.bytes < 0) throw new ThriftError('is none of a page')
  return page
}

/** The part of the file that is at hand. */
class Window {
  private readonly buffer = Buffer.alloc(WINDOW_BYTES)
  private from = 0
  private length = 0

  constructor(private readonly handle: FileHandle, readonly end: number) {}

  async bytes(at: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.end - at))
    if (wanted > WINDOW_BYTES) return this.read(Buffer.alloc(wanted), at, wanted)
    if (at < this.from || at + wanted > this.from + this.length) {
      this.length = (await this.read(this.buffer, at, Math.min(WINDOW_BYTES, this.end - at))).length
      this.from = at
    }
    return this.buffer.subarray(at - this.from, at - this.from + wanted)
  }

  async checksum(at: number, length: number): Promise<number> {
    let sum = 0
    for (let done = 0; done < length; ) {
      const part = await this.bytes(at + done, Math.min(WINDOW_BYTES, length - done))
      sum = crc32(part, sum)
      done += part.length
    }
    return sum
  }

  private async read(buffer: Buffer, at: number, length: number): Promise<Uint8Array> {
    const { bytesRead } = await this.handle.read(buffer, 0, length, at)
    return buffer.subarray(0, bytesRead)
  }
}
