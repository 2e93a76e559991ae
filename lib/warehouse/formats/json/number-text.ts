/** A number as it is written, without what does not change it: 0.`digits` times ten to the `exponent`. No digits: zero. */
export interface Digits {
  digits: string
  exponent: number
}

/** JavaScript writes a double with so many digits, at most. */
const WRITTEN_MAX = 100
const INT64_MAX = 9223372036854775807n

/** Takes a number of JSON apart, or one that JavaScript wrote. */
export function digitsOf(text: string): Digits {
  const [mantissa = '', power = '0'] = text.replace(/^-/, '').split(/e/i)
  const [whole = '', fraction = ''] = mantissa.split('.')
  const significant = (whole + fraction).replace(/^0+/, '')
  const digits = significant.replace(/0+$/, '')
  return { digits, exponent: digits === '' ? 0 : significant.length - fraction.length + Number(power) }
}

/**
 * Does DOUBLE keep the number as it is written: is the nearest double, written with as many digits, the same text again? So 0.1 is kept, and 0.30000000000000004,
 * and what a program printed with 17 digits; 1.000000000000000005, 9007199254740993 and 1e400 are not.
 */
export function isKeptByDouble(text: string): boolean {
  const { digits, exponent } = digitsOf(text)
  if (digits === '') return true
  const value = Math.abs(Number(text))
  if (value === 0 || !Number.isFinite(value)) return false
  const written = (text.split(/e/i)[0] ?? '').replace(/[-.]/g, '').replace(/^0+/, '').length
  if (digits.length > WRITTEN_MAX) return false
  const kept = digitsOf(value.toPrecision(Math.min(written, WRITTEN_MAX)))
  return kept.digits === digits && kept.exponent === exponent
}

export function isInt64(text: string): boolean {
  if (text.length > 20) return false
  const value = BigInt(text)
  return value <= INT64_MAX && value >= -INT64_MAX - 1n
}
