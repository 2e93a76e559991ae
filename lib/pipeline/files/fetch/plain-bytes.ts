import type { FilesSettings } from '@/lib/core/files-settings'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { Scratch } from '@/lib/warehouse/scratch'
import { containerOf, HEAD_BYTES } from './container'
import { FileWriter } from './file-writer'
import { peek } from './peek'
import { PackedBytes, refuseBombs } from './refuse-bombs'
import { toUtf8 } from './to-utf8'
import { unpackGzip } from './unpack-gzip'
import { unpackZip } from './unpack-zip'
import { unpackZstd } from './unpack-zstd'

/** gzip within gzip happens, when a store packs what was packed; more is no accident. */
const MOST_LAYERS = 2

export interface PlainOptions {
  /** Of the object, for words. */
  address: string
  scratch: Scratch
  signal: AbortSignal
  settings: FilesSettings
  /** Told of each text in which encoding it is. */
  onEncoding?: ((encoding: string) => void) | undefined
}

/** One text: the object itself, or a file in an archive. */
export interface PlainText {
  address: string
  /** UTF-8 without a byte order mark. To be read to its end before the next text is asked for. */
  bytes: AsyncIterable<Uint8Array>
}

/** The texts that the bytes of an object are, whatever they are packed in: found by content, never by name. */
export async function* plainBytes(bytes: AsyncIterable<Uint8Array>, options: PlainOptions): AsyncGenerator<PlainText> {
  const { head, all } = await peek(bytes, HEAD_BYTES)
  try {
    if (containerOf(head)?.kind === 'zip') yield* textsOfZip(all, options)
    else yield { address: options.address, bytes: toUtf8(unpacked(all, options.address, 0), options) }
  } finally {
    await all.return(undefined)
  }
}

/** An archive tells at its end what is in it, so that it has to be here whole. */
async function* textsOfZip(bytes: AsyncIterable<Uint8Array>, options: PlainOptions): AsyncGenerator<PlainText> {
  const { address, scratch } = options
  const path = scratch.file('zip')
  const writer = await FileWriter.create(path)
  try {
    for await (const chunk of bytes) await writer.write(chunk)
    await writer.close()
    const packed = { bytes: writer.position }
    let count = 0
    for await (const { name, bytes: member } of unpackZip(path, address)) {
      const memberAddress = `${address}/${name}`
      count++
      yield { address: memberAddress, bytes: toUtf8(unpacked(refuseBombs(member, packed, memberAddress), memberAddress, 1), { ...options, address: memberAddress }) }
    }
    if (count === 0) throw new FileProblem(`${address} is an archive without files`, 'It is a zip that holds nothing', 'Write it again with a file in it')
  } finally {
    await writer.discard()
  }
}

async function* unpacked(bytes: AsyncIterable<Uint8Array>, address: string, layers: number): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(bytes, HEAD_BYTES)
  const container = containerOf(head)
  if (!container) return yield* all
  if (container.kind === 'unknown') throw new FileProblem(`${address} is ${container.name}`, 'It cannot be read as a text', container.advice)
  if (container.kind === 'zip') throw new FileProblem(`${address} is an archive within what was packed already`, 'A zip is only read when it is the object itself', 'Put the files of the archive there one by one')
  if (layers >= MOST_LAYERS) throw new FileProblem(`${address} is packed more than ${MOST_LAYERS} times`, 'After unpacking it, what came out was packed again', 'Pack it once')
  const packed = new PackedBytes()
  const inner = container.kind === 'gzip' ? unpackGzip(packed.count(all), address) : unpackZstd(packed.count(all), address)
  yield* unpacked(refuseBombs(inner, packed, address), address, layers + 1)
}
