import { readXml } from './read-xml'
import type { ZipParts } from './zip-parts'

/** How a number is shown: as a moment, a time of the day, or a number. */
export type Shown = 'date' | 'time' | 'number'

/** The formats that every workbook knows by their number; those of East Asia are dates too. */
const KNOWN_DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58])
const KNOWN_TIMES = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 47])

/** How each style of the workbook shows a number, by the number of the style. */
export async function readNumberFormats(parts: ZipParts, part: string | null): Promise<Shown[]> {
  if (part === null || !parts.has(part)) return []
  const codes = new Map<number, string>()
  const styles: number[] = []
  let isInCellStyles = false
  await readXml(parts, part, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') isInCellStyles = true
      if (name === 'xf' && isInCellStyles) styles.push(Number(attributes.numFmtId ?? 0))
    },
    close(name) {
      if (name === 'cellXfs') isInCellStyles = false
    },
  })
  return styles.map((id) => {
    const code = codes.get(id)
    if (code !== undefined) return shownBy(code)
    return KNOWN_DATES.has(id) ? 'date' : KNOWN_TIMES.has(id) ? 'time' : 'number'
  })
}

/** By the letters of the format, without texts, colours and conditions. Elapsed time (`[h]:mm`) is a number: of days. */
export function shownBy(code: string): Shown {
  const first = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';')[0] ?? ''
  if (/\[(h+|m+|s+)\]/i.test(first)) return 'number'
  const letters = first.replace(/\[[^\]]*\]/g, '').replace(/AM\/PM|A\/P/gi, 'h').replace(/General/gi, '')
  if (/[ydge]/i.test(letters) && !/[0#?]/.test(letters.replace(/s[.,]0+/gi, ''))) return 'date'
  if (/[hs]/i.test(letters)) return 'time'
  return /m/i.test(letters) ? 'date' : 'number'
}
