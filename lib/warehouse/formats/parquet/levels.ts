import type { SchemaElement } from './footer'

const [UNCOMPRESSED, SNAPPY] = [0, 1]
const RLE = 3
const REPEATED = 2

/** How often each leaf is repeated on its way from the root, in the order of the leaves. */
export function repetitions(schema: SchemaElement[]): number[] {
  const leaves: number[] = []
  let at = 0
  const walk = (above: number): void => {
    const element = schema[at++]
    if (!element) return
    const level = above + (at > 1 && element.repetition === REPEATED ? 1 : 0)
    if (element.physical !== null) leaves.push(level)
    for (let i = 0; i < element.children; i++) walk(level)
  }
  walk(0)
  return leaves
}

/**
 * The first repetition level of a page; null where it cannot be seen without decompressing. In the first page of a column it must be 0, for there is no row
 * before: the engine leaves such values out without a word.
 */
export function firstRepetition(page: { kind: number; levelEncoding: number }, codec: number, bytes: Uint8Array, level: number): number | null {
  if (page.kind === 3) return firstOf(bytes, level)
  const plain = codec === UNCOMPRESSED ? bytes : codec === SNAPPY ? snappyLiteral(bytes) : null
  // before the levels stands their length
  return page.levelEncoding === RLE && plain && plain.length > 6 ? firstOf(plain.subarray(4), level) : null
}

/** Runs of one value, and values packed into bits, are told apart by the lowest bit of the head. */
function firstOf(bytes: Uint8Array, level: number): number | null {
  const head = bytes.findIndex((byte) => byte < 128)
  const value = head < 0 ? undefined : bytes[head + 1]
  if (value === undefined) return null
  const mask = (1 << (32 - Math.clz32(level))) - 1
  return ((bytes[0] ?? 0) & 1) === 1 ? value & mask : value
}

/** The bytes with which a Snappy block begins: they stand there as they are. */
function snappyLiteral(bytes: Uint8Array): Uint8Array | null {
  const at = bytes.findIndex((byte) => byte < 128) + 1
  const tag = bytes[at]
  if (at === 0 || tag === undefined || (tag & 3) !== 0) return null
  const length = tag >> 2
  const extra = length < 60 ? 0 : length - 59
  return bytes.subarray(at + 1 + extra, extra ? undefined : at + 2 + length)
}
