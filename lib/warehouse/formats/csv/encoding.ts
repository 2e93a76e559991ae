import { isUtf8 } from 'node:buffer'
import { AppError } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'

/** Enough letters to tell UTF-16 by its zeros. */
const UTF16_BYTES = 4_000

/** In which encoding a text is, as a label of the WHATWG standard. `head` is its beginning, which may end in the middle of a letter. */
export function detectEncoding(head: Uint8Array, settings: FilesSettings): string {
  const { encoding } = settings.csv
  if (encoding !== undefined && encoding !== '') return labelOf(encoding)
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return utf16(head) ?? (utf8Length(head) !== null ? 'utf-8' : 'windows-1252')
}

function labelOf(encoding: string): string {
  try {
    return new TextDecoder(encoding).encoding
  } catch (cause) {
    throw new AppError('invalid', { title: `There is no encoding ${encoding}`, detail: 'It is set for the files of this table', advice: 'Use a label such as utf-8, windows-1252, utf-16le or shift_jis, or none to have it found out' }, { cause })
  }
}

/** Of most letters of a western text every second byte is zero, and hardly any of the others. */
function utf16(head: Uint8Array): string | null {
  const length = Math.min(head.length, UTF16_BYTES) & ~1
  if (length < 4) return null
  let [even, odd] = [0, 0]
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  const half = length / 2
  if (odd > half * 0.4 && even < half * 0.05) return 'utf-16le'
  return even > half * 0.4 && odd < half * 0.05 ? 'utf-16be' : null
}

/** How many of these bytes are whole letters of UTF-8: all, or all but the beginning of one at the end; null when there is something else. */
export function utf8Length(bytes: Uint8Array): number | null {
  if (isUtf8(bytes)) return bytes.length
  for (let cut = 1; cut < 4 && cut <= bytes.length; cut++) {
    const letter = bytes[bytes.length - cut] ?? 0
    if (letter < 0x80) return null
    if (letter >= 0xc2) return letter < 0xf5 && cut < (letter < 0xe0 ? 2 : letter < 0xf0 ? 3 : 4) && isUtf8(bytes.subarray(0, bytes.length - cut)) ? bytes.length - cut : null
  }
  return null
}
