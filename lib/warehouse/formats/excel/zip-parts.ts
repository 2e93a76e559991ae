import { open, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { throwIfAborted } from '../../duckdb'
import { FileProblem } from '../file-problem'
import type { LocalFile } from '../format'

/** A workbook that unpacks to more is none, or none for a table. */
const UNPACKED_MAX = 2 * 1024 ** 3
const PARTS_MAX = 10_000

/** The parts of a workbook, which is a zip file of XML texts. */
export class ZipParts {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    readonly file: LocalFile,
    private readonly signal: AbortSignal,
  ) {}

  static async open(file: LocalFile, signal: AbortSignal): Promise<ZipParts> {
    await refuseOthers(file)
    const zip = await openPromise(file.path, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
      throw damaged(file, error)
    })
    try {
      return new ZipParts(zip, await entriesOf(zip, file), file, signal)
    } catch (error) {
      zip.close()
      throw error
    }
  }

  close(): void {
    this.zip.close()
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase())
  }

  names(): string[] {
    return [...this.entries.keys()]
  }

  /** The bytes of a part, checked by its length and its checksum. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase())
    if (!entry) throw new FileProblem(`${this.file.address} is no complete workbook`, `It has no part ${name}`, 'Save it again as .xlsx')
    let sum = 0
    const stream = await this.open(entry)
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        throwIfAborted(this.signal)
        sum = crc32(chunk, sum)
        yield chunk
      }
    } catch (error) {
      throw error instanceof Error && 'code' in error ? damaged(this.file, error) : asDamage(this.file, error)
    } finally {
      stream.destroy()
    }
    if (sum !== entry.crc32) throw damaged(this.file, new Error(`The checksum of ${name} is not right`))
  }

  private open(entry: Entry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => (error ? reject(damaged(this.file, error)) : resolve(stream)))
    })
  }
}

function asDamage(file: LocalFile, error: unknown): unknown {
  return error instanceof Error && error.constructor === Error ? damaged(file, error) : error
}

function damaged(file: LocalFile, cause: unknown): FileProblem {
  return new FileProblem(`${file.address} is damaged, or no Excel workbook`, 'It cannot be unpacked as the zip file that an .xlsx is', 'Open it in Excel and save it again as .xlsx, or upload it again', cause)
}

async function entriesOf(zip: ZipFile, file: LocalFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  let unpacked = 0
  try {
    for (;;) {
      const entry = await nextEntry(zip)
      if (!entry) return entries
      unpacked += entry.uncompressedSize
      if (entries.size >= PARTS_MAX || unpacked > UNPACKED_MAX) throw new FileProblem(`${file.address} is too large`, `A workbook may unpack to ${UNPACKED_MAX / 1024 ** 3} GB in ${PARTS_MAX.toLocaleString('en')} parts`, 'Save the worksheet as CSV, or in several workbooks')
      if (entry.isEncrypted()) throw new FileProblem(`${file.address} is encrypted`, 'Its parts can only be read with a password', 'Save it without a password')
      entries.set(entry.fileName.toLowerCase(), entry)
    }
  } catch (error) {
    throw asDamage(file, error)
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const done = () => zip.removeAllListeners()
    zip.once('entry', (entry: Entry) => (done(), resolve(entry)))
    zip.once('end', () => (done(), resolve(null)))
    zip.once('error', (error: Error) => (done(), reject(error)))
    zip.readEntry()
  })
}

const OLD_EXCEL = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le')

/** What people may take for a workbook, each in its own words. */
async function refuseOthers(file: LocalFile): Promise<void> {
  const handle = await open(file.path)
  try {
    const head = await bytesAt(handle, 0, 512 * 1024)
    if (head.length === 0) throw new FileProblem(`${file.address} is empty`, 'It has no bytes', 'Upload it again')
    if (head.subarray(0, 2).toString() === 'PK') return
    if (!head.subarray(0, 8).equals(OLD_EXCEL)) throw new FileProblem(`${file.address} is no Excel workbook`, 'It does not begin as an .xlsx does', 'Choose the format that the file has, or save it as .xlsx')
    const tail = await bytesAt(handle, Math.max(0, file.bytes - 512 * 1024), 512 * 1024)
    if (head.includes(ENCRYPTED) || tail.includes(ENCRYPTED)) throw new FileProblem(`${file.address} is encrypted`, 'It can only be read with a password', 'Save it without a password')
    throw new FileProblem(`${file.address} is an old Excel workbook`, 'Files of Excel 97 to 2003 (.xls) are not read', 'Open it in Excel and save it as .xlsx')
  } finally {
    await handle.close()
  }
}

async function bytesAt(handle: FileHandle, from: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  const { bytesRead } = await handle.read(buffer, 0, bytes, from)
  return buffer.subarray(0, bytesRead)
}
