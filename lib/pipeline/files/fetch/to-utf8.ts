import { isUtf8 } from 'node:buffer'
import type { FilesSettings } from '@/lib/core/files-settings'
import { detectEncoding } from '@/lib/warehouse/formats/csv/encoding'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import { peek } from './peek'

const HEAD_BYTES = 64 * 1024

interface TextOptions {
  settings: FilesSettings
  /** For words. */
  address: string
  /** Told in which encoding the text is, once that is known. */
  onEncoding?: ((encoding: string) => void) | undefined
}

/** A text in UTF-8 without a byte order mark, whatever it was before. Bytes that are no letters of its encoding are refused, with their place. */
export async function* toUtf8(bytes: AsyncIterable<Uint8Array>, { settings, address, onEncoding }: TextOptions): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(bytes, HEAD_BYTES)
  const encoding = encodingOf(head, settings)
  onEncoding?.(encoding)
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
  if (encoding === 'utf-8') yield* checkedUtf8(hasMark ? without(all, 3) : all, address, hasMark ? 3 : 0)
  else yield* decoded(all, encoding, address)
}

function encodingOf(head: Uint8Array, settings: FilesSettings): string {
  if (settings.format === 'csv') return detectEncoding(head, settings)
  const found = detectEncoding(head, { ...settings, csv: {} })
  // JSON is Unicode by its own law: anything else is damage, and no guess is made
  return found === 'utf-16le' || found === 'utf-16be' ? found : 'utf-8'
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: string, address: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let position = 0
  const attempt = (work: () => string): Uint8Array => {
    try {
      return Buffer.from(work(), 'utf8')
    } catch (error) {
      throw new FileProblem(`${address} is not valid ${encoding}`, `Byte ${position.toLocaleString('en')} or one of the next ${HEAD_BYTES.toLocaleString('en')} is no letter of it`, 'Set the encoding of the files of this table, or write the file as UTF-8', error)
    }
  }
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += HEAD_BYTES) {
      const part = chunk.subarray(at, at + HEAD_BYTES)
      const text = attempt(() => decoder.decode(part, { stream: true }))
      position += part.length
      if (text.length > 0) yield text
    }
  }
  const last = attempt(() => decoder.decode())
  if (last.length > 0) yield last
}

async function* without(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const chunk of bytes) {
    if (left < chunk.length) yield left > 0 ? chunk.subarray(left) : chunk
    left = Math.max(0, left - chunk.length)
  }
}

/** `position`: where the bytes stand in the file. */
async function* checkedUtf8(bytes: AsyncIterable<Uint8Array>, address: string, position: number): AsyncGenerator<Uint8Array> {
  /** The beginning of a letter that the last chunk ended in. */
  let open: Uint8Array = new Uint8Array()
  for await (const text of bytes) {
    const needed = open.length > 0 ? letterBytes(open[0]!) - open.length : 0
    const joined = needed > 0 ? Buffer.concat([open, text.subarray(0, needed)]) : open
    const rest = text.subarray(needed)
    const isJoined = needed > 0 && text.length < needed
    const tail = isJoined ? 0 : openBytes(rest)
    if (!isJoined && !isUtf8(joined)) throw notUtf8(address, joined, position - open.length)
    if (!isUtf8(rest.subarray(0, rest.length - tail))) throw notUtf8(address, rest, position + needed)
    open = isJoined ? joined : rest.slice(rest.length - tail)
    position += text.length
    yield text
  }
  if (open.length > 0) throw notUtf8(address, open, position - open.length)
}

/** How many bytes a letter has that begins with this one. */
function letterBytes(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
}

/** The bytes at the end that begin a letter without ending it. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte >= 0xc0) return back < letterBytes(byte) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

function notUtf8(address: string, bytes: Uint8Array, position: number): FileProblem {
  const at = firstWrong(bytes)
  const shown = [...bytes.subarray(at, at + 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return new FileProblem(`${address} is not valid UTF-8`, `Byte ${(position + at).toLocaleString('en')} (${shown}) is no letter of it`, 'Set the encoding of the files of this table, such as windows-1252, or write the file as UTF-8')
}

/** Where the longest beginning ends that could go on as UTF-8. */
function firstWrong(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const part = bytes.subarray(0, middle)
    if (isUtf8(part.subarray(0, middle - openBytes(part)))) good = middle
    else bad = middle
  }
  // the letter that went wrong began before
  return Math.max(0, good - openBytes(bytes.subarray(0, good)))
}
