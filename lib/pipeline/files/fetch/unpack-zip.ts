import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'

const [STORED, DEFLATED] = [0, 8]

export interface ZipMember {
  /** Its name in the archive. */
  name: string
  /** To be read to its end before the next member is asked for. */
  bytes: AsyncIterable<Uint8Array>
}

/** The files in a zip archive on this machine, in the order of its directory. Folders, and what macOS adds of its own, are none. */
export async function* unpackZip(path: string, address: string): AsyncGenerator<ZipMember> {
  const zip = await opened(path, address)
  try {
    for (;;) {
      const entry = await nextEntry(zip, address)
      if (!entry) return
      if (entry.fileName.endsWith('/') || entry.fileName.startsWith('__MACOSX/')) continue
      refuseOthers(entry, address)
      yield { name: entry.fileName, bytes: bytesOf(zip, entry, address) }
    }
  } finally {
    zip.close()
  }
}

function opened(path: string, address: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, strictFileNames: false, validateEntrySizes: true }, (error, zip) => (error ? reject(damaged(address, error)) : resolve(zip)))
  })
}

function nextEntry(zip: ZipFile, address: string): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (result: Entry | null, error?: Error): void => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      if (error) reject(damaged(address, error))
      else resolve(result)
    }
    zip.once('entry', (entry: Entry) => settle(entry))
    zip.once('end', () => settle(null))
    zip.once('error', (error: Error) => settle(null, error))
    zip.readEntry()
  })
}

function refuseOthers(entry: Entry, address: string): void {
  const member = `${entry.fileName} in ${address}`
  if (entry.fileName === '[Content_Types].xml') throw new FileProblem(`${address} is an Office document`, 'It is a workbook, a text or slides, and no archive of texts', 'Choose Excel as the format of this table, or write it as CSV')
  if (entry.isEncrypted()) throw new FileProblem(`${member} is encrypted`, 'Archives with a password are not read', 'Pack it without a password')
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) throw new FileProblem(`${member} is packed in a way that is not read`, `The method has the number ${entry.compressionMethod}; deflate (8) and stored (0) are read`, 'Pack it as zip with deflate, which is what zip does unless told otherwise')
}

async function* bytesOf(zip: ZipFile, entry: Entry, address: string): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => zip.openReadStream(entry, (error, opening) => (error ? reject(damaged(address, error)) : resolve(opening))))
  let sum = 0
  try {
    for await (const chunk of stream) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    throw damaged(`${entry.fileName} in ${address}`, error)
  }
  if (sum !== entry.crc32) throw damaged(`${entry.fileName} in ${address}`, new Error('its checksum does not fit'))
}

function damaged(name: string, error: unknown): FileProblem {
  const reason = error instanceof Error ? error.message : String(error)
  return new FileProblem(`${name} is damaged`, `It cannot be unpacked: ${reason.slice(0, 200)}`, 'Write it again', error)
}
