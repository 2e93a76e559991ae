import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CsvSettings } from '@/lib/core/files-settings'
import type { Inspection } from '../format'
import { dialectOf } from './dialect'
import { csvRowCutter } from './row-cutter'
import { RowReader } from './row-reader'

function inspectionOf(csv: CsvSettings, lineEnd: '\n' | '\r'): Inspection {
  return { columns: [], csv: { header: false, delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', skipLines: 0, nullTexts: [], comment: '', raggedRows: 'strict', ...csv }, csvText: { lineEnd, rowsBefore: 0 }, rows: null, notes: [] }
}

/** The rows of a text; null when one of them is no CSV. */
function rowsOf(text: string, inspection: Inspection, skipLines: number): string[] | null {
  const reader = new RowReader(text, dialectOf(inspection))
  for (let i = 0; i < skipLines; i++) reader.skipLine()
  const rows: string[] = []
  for (let row = reader.next(); row; row = reader.next()) {
    if (row.problem !== null) return null
    rows.push(JSON.stringify(row.fields.map((field, i) => [field, row.isQuoted[i]])))
  }
  return rows
}

function cut(bytes: Buffer, inspection: Inspection, sizes: number[]): string[] {
  const cutter = csvRowCutter(inspection)
  const pieces: Buffer[] = []
  let pending: Buffer = Buffer.alloc(0)
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const chunk = bytes.subarray(from, from + (sizes[i % sizes.length] ?? 1))
    from += chunk.length
    const found = cutter.lastRowEnd(chunk)
    if (found) pieces.push(Buffer.concat([pending, chunk.subarray(0, found.end)]))
    pending = found ? chunk.subarray(found.next) : Buffer.concat([pending, chunk])
  }
  return [...pieces, pending].map(String)
}

const SIGNS = ['a', 'é', '🎈', ',', ',', '"', '"', '""', '\n', '\r\n', ' ', '\\', '#', "'", '§']
const DIALECTS: [CsvSettings, '\n' | '\r'][] = [[{}, '\n'], [{ escape: '\\' }, '\n'], [{ comment: '#' }, '\n'], [{ quote: "'", escape: "'" }, '\n'], [{ delimiter: '§' }, '\n'], [{ delimiter: ' ' }, '\n'], [{ delimiter: ',a' }, '\n'], [{ quote: '', escape: '' }, '\n'], [{ skipLines: 2 }, '\n'], [{}, '\r']]

test('the rows of a text that is cut are those of the whole', () => {
  let valid = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SIGNS), { maxLength: 40 }), fc.constantFrom(...DIALECTS), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (signs, [csv, lineEnd], sizes) => {
      const text = lineEnd === '\r' ? signs.join('').replaceAll('\r\n', '\r').replaceAll('\n', '\r') : signs.join('')
      const inspection = inspectionOf(csv, lineEnd)
      const whole = rowsOf(text, inspection, csv.skipLines ?? 0)
      if (whole === null) return
      valid++
      const pieces = cut(Buffer.from(text), inspection, sizes)
      expect(pieces.join('')).toBe(text)
      const rows = pieces.flatMap((piece, i) => rowsOf(piece, inspection, i === 0 ? (csv.skipLines ?? 0) : 0) ?? [`broken: ${piece}`])
      expect(rows).toEqual(whole)
    }),
    { numRuns: 20_000 },
  )
  expect(valid).toBeGreaterThan(2_000)
})

test('the same for texts that are written as CSV should be', () => {
  const field = fc.array(fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', '\r', ' ', ''), { maxLength: 6 }).map((signs) => `"${signs.join('').replaceAll('"', '""')}"`)
  const row = fc.tuple(fc.oneof(field, fc.constantFrom('', '1', 'x"y')), fc.oneof(field, fc.constant('2')))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), (rows, end, sizes) => {
      const text = rows.map((fields) => fields.join(',') + end).join('')
      const inspection = inspectionOf({}, '\n')
      const pieces = cut(Buffer.from(text), inspection, sizes)
      expect(pieces.flatMap((piece) => rowsOf(piece, inspection, 0) ?? ['broken'])).toEqual(rowsOf(text, inspection, 0))
      expect(pieces.flatMap((piece) => rowsOf(piece, inspection, 0))).toHaveLength(rows.length)
    }),
    { numRuns: 5_000 },
  )
})
