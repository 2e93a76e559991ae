import { NULL_TYPE } from '../../types/type-name'

/** The types that are found by themselves, in the order in which they are tried; else a column is text. */
export const FOUND_TYPES = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME'] as const
export type FoundType = (typeof FOUND_TYPES)[number]

const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const HOUR = '([01][0-9]|2[0-3]):[0-5][0-9]'
/** Beyond the microsecond there may be zeros. */
const SECOND = ':[0-5][0-9]([.][0-9]{1,6}0*)?'

/** How a value of a type is written, for the engine and for us alike; `DOUBLE` and the days have more to them. */
export const SHAPES = {
  BOOLEAN: 'true|false|True|False|TRUE|FALSE',
  BIGINT: '0|-?[1-9][0-9]{0,18}',
  DOUBLE: '-?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?|[nN]a[nN]|-?[iI]nf|-?Infinity',
  DATE: DAY,
  TIMESTAMP: `${DAY}|${DAY}[ T]${HOUR}(${SECOND})?`,
  'TIMESTAMP WITH TIME ZONE': `${DAY}[ T]${HOUR}${SECOND}(Z| UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)`,
  TIME: `${HOUR}(${SECOND})?`,
} as const satisfies Record<FoundType, string>

const PATTERNS = new Map(FOUND_TYPES.map((type) => [type, new RegExp(`^(?:${SHAPES[type]})$`)]))

/** Does the type keep this value exactly as it is? */
export function fits(text: string, type: FoundType): boolean {
  if (!PATTERNS.get(type)?.test(text)) return false
  switch (type) {
    case 'BIGINT': return text.length < 19 || (BigInt(text) <= 2n ** 63n - 1n && BigInt(text) >= -(2n ** 63n))
    case 'DOUBLE': return isKeptByDouble(text)
    case 'DATE': case 'TIMESTAMP': case 'TIMESTAMP WITH TIME ZONE': return isDay(text)
    default: return true
  }
}

/** Up to 15 digits always; with more, when the shortest text that names the DOUBLE has the same digits: what was written from a DOUBLE comes back. */
function isKeptByDouble(text: string): boolean {
  const digits = digitsOf(text)
  if (digits === '') return true
  const value = Math.abs(Number(text.replace(/inf$/i, 'Infinity')))
  if (Number.isNaN(value) || value === Infinity) return /n/i.test(text)
  return value > 0 && ((value >= 2.3e-308 && digits.length <= 15) || digitsOf(String(value)) === digits)
}

function digitsOf(text: string): string {
  return text.replace(/[eE].*|[-.]/g, '').replace(/^0+|0+$/g, '')
}

function isDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  return day <= (month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}

/** The narrowest type that keeps every value that it is told. */
export class TypeFinder {
  private candidates: FoundType[] = [...FOUND_TYPES]
  private hasValue = false
  private hasNumber = false
  private hasQuotedEmpty = false
  /** Of a text that is nearly something else: an example, for a note. */
  readonly oddities = new Map<string, string>()

  add(text: string, isQuoted: boolean): void {
    if (text === '') {
      this.hasQuotedEmpty ||= isQuoted
      return
    }
    this.hasValue = true
    this.hasNumber ||= /[0-9]/.test(text)
    if (!this.candidates.every((type) => fits(text, type))) this.candidates = this.candidates.filter((type) => fits(text, type))
    if (this.candidates.length === 0) this.remember(text)
  }

  get type(): string {
    const [found] = this.candidates
    // an empty text in quotes is no NULL
    if (!this.hasValue) return this.hasQuotedEmpty ? 'VARCHAR' : NULL_TYPE
    return found === undefined || (found === 'DOUBLE' && !this.hasNumber) ? 'VARCHAR' : found
  }

  private remember(text: string): void {
    for (const [name, pattern] of ODD) if (!this.oddities.has(name) && pattern.test(text)) this.oddities.set(name, text)
  }
}

const ODD: [string, RegExp][] = [
  ['day', /^(\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}[./]\d{1,2}[./]\d{1,2})( .*)?$/],
  ['comma', /^-?\d+(\.\d{3})*,\d+$/],
  ['zeros', /^[+-]?0\d+$/],
  ['long', /^-?\d{16,}$|^-?\d*\.\d{16,}$/],
  ['null', /^(NULL|null|\\N|NA|N\/A|n\/a|None|nil|-)$/],
]
