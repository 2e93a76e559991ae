import type { CellValue } from '@/lib/sql-editor/schema'
import { cellText } from './cell-text'

export const WIDTH_MIN = 64
const WIDTH_MAX = 360
const LETTER_PX = 8.2
const PADDING_PX = 26
const HEADER_EXTRA_PX = 18
const SAMPLE_ROWS = 60

/** A first width for each column, from its name and its first rows. */
export function firstWidths(columns: { name: string; type: string }[], rows: CellValue[][]): number[] {
  const sample = rows.slice(0, SAMPLE_ROWS)
  return columns.map((column, index) => {
    const header = Math.max(column.name.length, column.type.length * 0.85) * LETTER_PX + PADDING_PX + HEADER_EXTRA_PX
    const longest = sample.reduce((length, row) => Math.max(length, Math.min(cellText(row[index]).length, 60)), 4)
    return Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN + 24, header, longest * LETTER_PX + PADDING_PX)))
  })
}
