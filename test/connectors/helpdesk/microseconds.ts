import { z } from 'zod'

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/

/** An ISO 8601 time as microseconds since 1970. As texts, times of two zones cannot be compared, and a Date drops three digits. */
export const Microseconds = z.string().transform((text, context) => {
  const [, seconds, fraction = '', zone] = TIME.exec(text) ?? []
  const at = Date.parse(`${seconds}${zone}`) * 1000 + Number(fraction.padEnd(6, '0'))
  if (Number.isSafeInteger(at)) return at
  context.addIssue({ code: 'custom', message: 'is no ISO 8601 time with a zone' })
  return z.NEVER
})

export function isoOf(microseconds: number): string {
  return `${new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, -1)}${String(microseconds % 1000).padStart(3, '0')}Z`
}
