import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** A place in a text, as people count: from 1. The column is in characters, as long as the line is not too long for them to be counted. */
export interface Place {
  line: number
  column: number
  /** What stands there. */
  text: string
}

const SHOWN = 60
const COUNTED_BYTES = 1_000_000

/** The line and the column of a byte of a file. */
export async function locate(path: string, offset: number): Promise<Place> {
  let line = 1
  let lineStart = 0
  let at = 0
  if (offset > 0) {
    for await (const chunk of createReadStream(path, { end: offset - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      for (let index = chunk.indexOf(0x0a); index >= 0; index = chunk.indexOf(0x0a, index + 1)) {
        line++
        lineStart = at + index + 1
      }
      at += chunk.length
    }
  }
  const file = await open(path)
  try {
    const before = offset - lineStart > COUNTED_BYTES ? null : await textAt(file, lineStart, offset - lineStart)
    return { line, column: (before === null ? offset - lineStart : [...before].length) + 1, text: shown(await textAt(file, offset, SHOWN * 4)) }
  } finally {
    await file.close()
  }
}

async function textAt(file: Awaited<ReturnType<typeof open>>, from: number, bytes: number): Promise<string> {
  const buffer = Buffer.alloc(bytes)
  const { bytesRead } = await file.read(buffer, 0, bytes, from)
  return buffer.toString('utf8', 0, bytesRead)
}

/** The beginning of a text on one line, with signs for what cannot be seen. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, SHOWN * 4).split(/\r?\n/)[0] ?? '')
  const start = characters.slice(0, SHOWN).map((character) => (character < ' ' || character === '\u007f' ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character)).join('')
  return characters.length > SHOWN ? `${start}…` : start
}
