import { FileProblem } from '../file-problem'
import type { Shown } from './number-formats'
import { readXml } from './read-xml'
import { serialDate } from './serial-date'
import { RichText, type SharedTexts } from './shared-texts'
import type { ZipParts } from './zip-parts'

/** What is behind the cells. */
export interface SheetContext {
  texts: SharedTexts
  shown: Shown[]
  is1904: boolean
}

/** What a cell holds: a text, or something that is written without quotes. */
export interface CellValue {
  column: number
  isText: boolean
  value: string | Buffer
}

export interface SheetFindings {
  errors: number
  /** Formulas whose value the program that wrote them did not store. */
  unknownFormulas: number
  mergedRanges: number
  emptyRows: number
}

export interface SheetReader {
  /** The cells that hold something, in their order; never none. */
  onRow(cells: CellValue[]): void
  pause(): Promise<void>
}

const COLUMNS_MAX = 16_384

/** Reads the rows of a worksheet. Rows in which no cell holds anything are only counted. */
export async function readSheet(parts: ZipParts, part: string, context: SheetContext, reader: SheetReader): Promise<SheetFindings> {
  const walk = new SheetWalk(parts.file.address, context, reader)
  await readXml(parts, part, {
    open: (name, attributes) => walk.open(name, attributes),
    text: (text) => walk.text(text),
    close: (name) => walk.close(name),
    pause: () => reader.pause(),
  })
  return walk.findings
}

class SheetWalk {
  readonly findings: SheetFindings = { errors: 0, unknownFormulas: 0, mergedRanges: 0, emptyRows: 0 }
  private cells: CellValue[] = []
  private row = 0
  private column = -1
  private type = 'n'
  private style = 0
  private value: string | null = null
  private hasFormula = false
  private isInValue = false
  private readonly inline = new RichText()
  private isInline = false

  constructor(
    private readonly address: string,
    private readonly context: SheetContext,
    private readonly reader: SheetReader,
  ) {}

  open(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'row':
        this.row = attributes.r === undefined ? this.row + 1 : Number(attributes.r)
        this.column = -1
        break
      case 'c':
        this.column = attributes.r === undefined ? this.column + 1 : this.columnOf(attributes.r)
        this.type = attributes.t ?? 'n'
        this.style = Number(attributes.s ?? -1)
        this.value = null
        this.hasFormula = false
        break
      case 'v':
        this.isInValue = true
        this.value = ''
        break
      case 'f':
        this.hasFormula = true
        break
      case 'is':
        this.isInline = true
        break
      case 'mergeCell':
        this.findings.mergedRanges++
        break
      default:
        if (this.isInline) this.inline.open(name)
    }
  }

  text(text: string): void {
    if (this.isInValue) this.value += text
    else if (this.isInline) this.inline.text(text)
  }

  close(name: string): void {
    if (name === 'v') this.isInValue = false
    else if (name === 'c') this.endCell()
    else if (name === 'row') this.endRow()
    else if (name === 'is') {
      this.isInline = false
      this.value = this.inline.take()
    } else if (this.isInline) this.inline.close(name)
  }

  private endCell(): void {
    if (this.value === null) {
      if (this.hasFormula) this.findings.unknownFormulas++
      return
    }
    const cell = this.cellOf(this.value)
    if (cell) this.cells.push({ column: this.column, ...cell })
  }

  private endRow(): void {
    if (this.cells.length) this.reader.onRow(this.cells)
    else this.findings.emptyRows++
    this.cells = []
  }

  private cellOf(value: string): Omit<CellValue, 'column'> | null {
    switch (this.type) {
      case 's': {
        const text = this.context.texts.get(value === '' ? -1 : Number(value))
        if (text === null) throw this.problem('has a text that the workbook does not have')
        return { isText: true, value: text }
      }
      case 'inlineStr':
      case 'str':
        return { isText: true, value }
      case 'b':
        return { isText: false, value: value === '1' || value === 'true' ? 'true' : 'false' }
      case 'e':
        this.findings.errors++
        return null
      case 'd':
        return { isText: !/^[0-9T:.Z+ -]+$/.test(value), value }
      default:
        return value.trim() === '' ? null : { isText: false, value: this.numberOf(value.trim()) }
    }
  }

  /** As the double that it is to Excel; a whole number as it is written. */
  private numberOf(text: string): string {
    const number = Number(text)
    if (!/^[+-]?[0-9.]/.test(text) || !Number.isFinite(number)) throw this.problem(`should hold a number, and has ${JSON.stringify(text.slice(0, 40))}`)
    const date = serialDate(number, this.context.shown[this.style] ?? 'number', this.context.is1904)
    if (date !== null) return date
    if (/^-?[0-9]+$/.test(text)) return text
    return Math.abs(number) < 1e15 ? String(number) : number.toExponential()
  }

  private columnOf(reference: string): number {
    let column = 0
    for (const letter of /^[A-Za-z]{1,3}/.exec(reference)?.[0].toUpperCase() ?? '') column = column * 26 + letter.charCodeAt(0) - 64
    if (column === 0 || column > COLUMNS_MAX || column - 1 <= this.column) throw this.problem('is followed by one that cannot follow it')
    return column - 1
  }

  private problem(what: string): FileProblem {
    return new FileProblem(`${this.address} is damaged`, `Row ${this.row.toLocaleString('en')}, cell ${this.column + 1}: it ${what}`, 'Open it in Excel and save it again as .xlsx')
  }
}
