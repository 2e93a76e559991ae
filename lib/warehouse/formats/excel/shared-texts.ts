import { FileProblem } from '../file-problem'
import { readXml } from './read-xml'
import type { ZipParts } from './zip-parts'

const BYTES_MAX = 512 << 20

/** The texts that the cells of a workbook share, as bytes: many short texts would be a heavy load otherwise. */
export class SharedTexts {
  private bytes = Buffer.allocUnsafe(1 << 16)
  private ends = new Uint32Array(1 << 10)
  private count = 0
  private used = 0

  static async read(parts: ZipParts, part: string | null): Promise<SharedTexts> {
    const texts = new SharedTexts()
    if (part === null || !parts.has(part)) return texts
    const reader = new RichText()
    await readXml(parts, part, {
      open: (name) => reader.open(name),
      text: (text) => reader.text(text),
      close(name) {
        reader.close(name)
        if (name !== 'si') return
        texts.add(reader.take())
        if (texts.used > BYTES_MAX) throw new FileProblem(`${parts.file.address} is too large`, `Its texts have more than ${BYTES_MAX >> 20} MB`, 'Save the worksheet as CSV, or in several workbooks')
      },
    })
    return texts
  }

  get(index: number): Buffer | null {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) return null
    return this.bytes.subarray(index === 0 ? 0 : this.ends[index - 1], this.ends[index])
  }

  private add(text: string): void {
    const most = this.used + text.length * 3
    if (most > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, most))
      this.bytes.copy(larger, 0, 0, this.used)
      this.bytes = larger
    }
    if (this.count === this.ends.length) {
      const longer = new Uint32Array(this.count * 2)
      longer.set(this.ends)
      this.ends = longer
    }
    this.used += this.bytes.write(text, this.used)
    this.ends[this.count++] = this.used
  }
}

/** A text of a cell: its parts put together, without their looks and without how they are pronounced. */
export class RichText {
  private parts = ''
  private isInText = false
  private isSpoken = false

  open(name: string): void {
    if (name === 't') this.isInText = !this.isSpoken
    else if (name === 'rPh') this.isSpoken = true
  }

  text(text: string): void {
    if (this.isInText) this.parts += text
  }

  close(name: string): void {
    if (name === 't') this.isInText = false
    else if (name === 'rPh') this.isSpoken = false
  }

  take(): string {
    const text = unescaped(this.parts)
    this.parts = ''
    return text
  }
}

/** What XML cannot hold is written `_x000D_`, and an underscore that would look like it `_x005F_`. Half a character is left as it is written. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/(?:_x[0-9A-Fa-f]{4}_)+/g, (escapes) => {
    const decoded = escapes.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    return /^[^\ud800-\udfff]*$/u.test(decoded) ? decoded : escapes
  })
}
