import type { CsvRow } from './row-reader'
import { fits, FOUND_TYPES, TypeFinder } from './value-type'

/** Is the first row one of names? `isSure` when a type tells it apart from the rows below. */
export function looksLikeHeader(first: CsvRow, rows: CsvRow[]): { isHeader: boolean; isSure: boolean } {
  const { fields } = first
  const typed = fields.filter((field) => FOUND_TYPES.some((type) => fits(field.trim(), type) && /[0-9]/.test(field)))
  const named = fields.filter((field) => field.trim() !== '')
  if (typed.length > 0) return { isHeader: areYears(typed) && named.length > typed.length && !hasDuplicates(named), isSure: false }
  if (named.length === 0 || fields.some((field) => field.length > 300)) return { isHeader: false, isSure: true }
  if (rows.length === 0) return { isHeader: true, isSure: false }
  const isTyped = fields.map((name, i) => {
    const finder = new TypeFinder()
    for (const row of rows) finder.add(row.fields[i] ?? '', false)
    return finder.type !== 'VARCHAR' && finder.type !== '"NULL"' && !(finder.type === 'BOOLEAN' && fits(name, 'BOOLEAN'))
  })
  if (isTyped.some(Boolean)) return { isHeader: true, isSure: true }
  // a name comes once in its column, and rarely with a gap beside it
  const isRepeated = fields.some((name, i) => name !== '' && rows.some((row) => row.fields[i] === name))
  return { isHeader: !isRepeated && named.length > fields.length / 2, isSure: isRepeated }
}

/** `country,2019,2020`: years in their order may be names. */
function areYears(texts: string[]): boolean {
  const years = texts.map(Number)
  return texts.length > 1 && years.every((year, i) => Number.isInteger(year) && year >= 1800 && year <= 2200 && (i === 0 || Math.abs(year - (years[i - 1] ?? 0)) === 1))
}

function hasDuplicates(texts: string[]): boolean {
  return new Set(texts).size < texts.length
}
