import { open } from 'node:fs/promises'
import { FileProblem } from '../file-problem'
import type { LocalFile } from '../format'
import { RowsWriter } from '../rows-writer'
import { NoWorksheet } from './no-worksheet'
import { readNumberFormats } from './number-formats'
import { readSheet, type CellValue, type SheetContext, type SheetFindings } from './sheet-rows'
import { SharedTexts } from './shared-texts'
import { readWorkbookParts, type Workbook } from './workbook'
import { ZipParts } from './zip-parts'

const FLUSH_BYTES = 1 << 20

export interface WrittenSheet {
  worksheet: string
  /** Every one of the workbook, in their order. */
  worksheets: string[]
  /** Without the header. */
  rows: number
  notes: string[]
  /** Which columns, from 0, have texts in their cells: they stay text, whatever the texts look like. */
  textColumns: number[]
}

/**
 * Writes a worksheet as CSV, the first one when none is named: `,` between fields, `"` around texts, in UTF-8, with the first row that is not empty as header. Dates are
 * ISO 8601, formulas are the values that were stored with them, and what is hidden is there.
 */
export async function excelToCsv(file: LocalFile, worksheet: string | undefined, target: string, signal: AbortSignal): Promise<WrittenSheet> {
  const parts = await ZipParts.open(file, signal)
  try {
    const workbook = await readWorkbookParts(parts)
    const { name, part } = chosenSheet(file, workbook, worksheet)
    const context: SheetContext = { texts: await SharedTexts.read(parts, workbook.sharedTexts), shown: await readNumberFormats(parts, workbook.styles), is1904: workbook.is1904 }
    let sheet = await writeSheet(parts, part, context, target, null)
    // cells beside the header: only now it is known how wide the table is
    if (sheet.isWider) sheet = await writeSheet(parts, part, context, target, sheet.range)
    return { worksheet: name, worksheets: workbook.worksheets.map((each) => each.name), rows: Math.max(0, sheet.rows - 1), notes: notesOf(sheet.findings), textColumns: sheet.textColumns }
  } finally {
    parts.close()
  }
}

function chosenSheet(file: LocalFile, { worksheets }: Workbook, wanted: string | undefined): Workbook['worksheets'][number] {
  const found = wanted === undefined ? worksheets[0] : (worksheets.find(({ name }) => name === wanted) ?? worksheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()))
  if (found) return found
  if (wanted === undefined || worksheets.length === 0) throw new FileProblem(`${file.address} has no worksheet`, 'It holds charts or macros alone', 'Choose another file')
  throw new NoWorksheet(file.address, wanted, worksheets.map(({ name }) => name))
}

interface Range {
  from: number
  to: number
}

interface Sheet {
  rows: number
  range: Range
  /** Did cells lie outside of the range that was written? */
  isWider: boolean
  findings: SheetFindings
  textColumns: number[]
}

async function writeSheet(parts: ZipParts, part: string, context: SheetContext, target: string, known: Range | null): Promise<Sheet> {
  const handle = await open(target, 'w', 0o600)
  try {
    const writer = new RowsWriter(handle)
    const table = new TableWriter(writer, known)
    const findings = await readSheet(parts, part, context, {
      onRow: (cells) => table.write(cells),
      async pause() {
        if (writer.waiting > FLUSH_BYTES) await writer.flush()
      },
    })
    await writer.flush()
    const { rows, range, isWider, textColumns } = table
    return { rows, range, isWider, findings, textColumns: [...textColumns].map((column) => column - range.from).toSorted((a, b) => a - b) }
  } finally {
    await handle.close()
  }
}

class TableWriter {
  rows = 0
  isWider = false
  readonly textColumns = new Set<number>()
  range: Range

  constructor(
    private readonly writer: RowsWriter,
    known: Range | null,
  ) {
    this.range = known ?? { from: 0, to: -1 }
  }

  write(cells: CellValue[]): void {
    const [first, last] = [cells[0]?.column ?? 0, cells.at(-1)?.column ?? 0]
    if (this.rows === 0 && this.range.to < 0) this.range = { from: first, to: last }
    if (first < this.range.from || last > this.range.to) {
      this.range = { from: Math.min(first, this.range.from), to: Math.max(last, this.range.to) }
      this.isWider = true
    }
    if (this.rows++ > 0) for (const { column, isText } of cells) if (isText) this.textColumns.add(column)
    // it is going to be written once more
    if (this.isWider) return
    let index = 0
    for (let column = this.range.from; column <= this.range.to; column++) {
      if (column > this.range.from) this.writer.separate()
      const cell = cells[index]
      if (cell?.column !== column) continue
      index++
      this.cell(cell)
    }
    this.writer.endRow()
  }

  private cell({ isText, value }: CellValue): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    if (isText) this.writer.quoted(bytes, 0, bytes.length)
    else this.writer.bytes(bytes, 0, bytes.length)
  }
}

function notesOf({ errors, unknownFormulas, mergedRanges, emptyRows }: SheetFindings): string[] {
  const of = (count: number, one: string, many: string) => (count === 0 ? [] : count === 1 ? [one] : [`${count.toLocaleString('en')} ${many}`])
  return [
    ...of(errors, '1 cell shows an error such as #N/A, and is NULL', 'cells show an error such as #N/A, and are NULL'),
    ...of(unknownFormulas, '1 formula has no value stored with it, and is NULL: open the workbook in Excel and save it', 'formulas have no value stored with them, and are NULL: open the workbook in Excel and save it'),
    ...of(mergedRanges, '1 range of cells is merged: its value is in the first cell alone', 'ranges of cells are merged: their value is in the first cell alone'),
    ...of(emptyRows, '1 empty row was left out', 'empty rows were left out'),
  ]
}
