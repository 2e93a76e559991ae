import { isUtf8 } from 'node:buffer'

/** Where bytes stop being UTF-8; null when all of them are. They begin and end with whole characters. */
export function firstBadUtf8(bytes: Uint8Array): number | null {
  if (isUtf8(bytes)) return null
  // by halves: what is valid up to the middle of a character is not up to its end, so that each half is cut before one
  let [good, bad] = [0, bytes.length]
  while (bad - good > 8) {
    let middle = (good + bad) >> 1
    while (middle > good && ((bytes[middle] ?? 0) & 0xc0) === 0x80) middle--
    if (middle === good) break
    if (isUtf8(bytes.subarray(good, middle))) good = middle
    else bad = middle
  }
  while (good < bad) {
    const length = [1, 2, 3, 4].find((count) => isUtf8(bytes.subarray(good, good + count)))
    if (length === undefined) return good
    good += length
  }
  return good
}
