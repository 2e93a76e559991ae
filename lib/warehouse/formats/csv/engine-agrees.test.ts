import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CsvSettings } from '@/lib/core/files-settings'
import { FileProblem } from '../file-problem'
import type { Inspection, Piece } from '../format'
import { eachRow } from './prepare'
import { CsvRoom } from './read-for-test'
import { dialectOf } from './dialect'
import { BUFFER_BYTES } from './read-sql'
import { isNull, RowReader } from './row-reader'

let room: CsvRoom
beforeAll(async () => {
  room = await CsvRoom.open()
})
afterAll(() => room.close())

const SIGNS = ['a', 'b', ',', ',', '"', '"', '""', '\n', '\n', '\r\n', '\r', ' ', '\\', 'é', '#', '\0', '\n"', '",', ',"', '"\n']

/** An inspection that nobody looked for: two or three columns of text. */
function inspectionOf(width: number, csv: CsvSettings, lineEnd: '\n' | '\r\n' | '\r'): Inspection {
  const columns = Array.from({ length: width }, (_, i) => ({ name: `c${i}`, physical: `f${i}`, type: 'VARCHAR' }))
  return { columns, csv: { header: false, delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', skipLines: 0, nullTexts: [], comment: '', raggedRows: 'strict', ...csv }, csvText: { lineEnd, rowsBefore: 0 }, rows: null, notes: [] }
}

/** The first row that is not blank holds names. */
function withHeader(inspection: Inspection, text: string | null): Inspection {
  if (text === null || !inspection.csv || !inspection.csvText) return inspection
  const reader = new RowReader(text, dialectOf(inspection))
  let rowsBefore = 1
  let row = reader.next()
  for (; row?.isBlank; row = reader.next()) rowsBefore++
  // the look at a file refuses a header that is no CSV
  if (row?.problem !== null) return inspection
  return { ...inspection, csv: { ...inspection.csv, header: true }, csvText: { ...inspection.csvText, rowsBefore } }
}

async function ownRows(piece: Piece): Promise<(string | null)[][] | 'refused'> {
  const rows: (string | null)[][] = []
  const { csv, columns } = piece.inspection
  try {
    await eachRow(piece, ({ fields, isQuoted }) => rows.push(columns.map((_, i) => (isNull(fields[i] ?? '', isQuoted[i] ?? false, csv?.nullTexts ?? []) ? null : (fields[i] ?? '')))))
    return rows
  } catch (error) {
    if (error instanceof FileProblem) return 'refused'
    throw error
  }
}

test('whatever the text, the rows of the engine are those of the rules, or it is refused in words', async () => {
  const texts = fc.array(fc.constantFrom(...SIGNS), { maxLength: 24 }).map((signs) => signs.join(''))
  const settings: CsvSettings[] = [{}, { raggedRows: 'padded' }, { escape: '\\' }, { comment: '#' }, { quote: '', escape: '' }, { nullTexts: ['a', 'b'] }, { delimiter: ' ' }, { delimiter: '""', quote: '' }, { delimiter: ',"', quote: "'", escape: "'" }, { delimiter: 'ab' }]
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(...settings), fc.integer({ min: 1, max: 3 }), fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const), fc.boolean(), async (text, csv, width, lineEnd, header) => {
      const piece: Piece = { file: room.file(text), inspection: withHeader(inspectionOf(width, csv, lineEnd), header ? text : null), isFirst: true, linesBefore: 0 }
      const expected = await ownRows(piece)
      const rows = await room.readPiece(piece).then(({ rows }) => rows, (error: unknown) => {
        if (error instanceof FileProblem) return 'refused'
        throw error
      })
      expect(rows).toEqual(expected)
    }),
    { numRuns: 1500 },
  )
})

test('a row is what it is wherever it lies across what the engine holds of a file at once', async () => {
  const fields = ['', 'plain', '"q"', '"with, comma"', '"say ""hi"""', '"line\nend"', 'é€', '"é€"']
  const pick = fc.sample(fc.array(fc.constantFrom(...fields), { minLength: 3, maxLength: 3 }), { numRuns: 997, seed: 5 })
  // 997 rows of odd lengths come to lie at another place in each buffer
  const rows = Array.from({ length: 260_000 }, (_, index) => `${(pick[index % pick.length] ?? []).join(',')}\n`)
  const piece: Piece = { file: room.file(rows.join('')), inspection: inspectionOf(3, {}, '\n'), isFirst: true, linesBefore: 0 }
  expect(piece.file.bytes).toBeGreaterThan(2 * BUFFER_BYTES)
  expect(hashOf((await room.readPiece(piece)).rows)).toBe(hashOf(await ownRows(piece)))
})

function hashOf(rows: unknown): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}
