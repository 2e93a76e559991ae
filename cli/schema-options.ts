import { AppError } from '@/lib/core/errors'
import { LONGEST_LOOK_BACK } from '@/lib/core/look-back'
import { Frequency } from '@/lib/syncs/schema'
import { UsageError } from './terminal'

export interface Method {
  method: 'full' | 'incremental'
  replicationKey: string | null
}

/** `full`, `incremental` to follow the changes that the source tells, or `incremental:FIELD`; the field is everything after the first colon, whatever it holds. */
export function parseMethod(text: string): Method {
  if (text === 'full' || text === 'incremental') return { method: text, replicationKey: null }
  const field = text.startsWith('incremental:') ? text.slice('incremental:'.length) : ''
  if (!field) throw new UsageError(`--method ${text}: write full, incremental or incremental:FIELD`)
  return { method: 'incremental', replicationKey: field }
}

/**
 * `SCHEMA=value` options by schema. A schema's name may hold `=`, so that the known names decide where it ends: the
 * longest one whose rest can be read wins. Given twice, the last one counts.
 */
export function bySchema<T>(option: string, texts: string[], names: string[], parse: (value: string) => T): Map<string, T> {
  const found = new Map<string, T>()
  for (const text of texts) {
    const candidates = names.filter((name) => text.startsWith(`${name}=`)).sort((a, b) => b.length - a.length)
    const [name] = candidates
    if (name === undefined) {
      if (!text.includes('=')) throw new UsageError(`${option} ${text}: write SCHEMA=…`)
      throw noSchema(text.slice(0, text.indexOf('=')), names)
    }
    found.set(...firstReadable(candidates, text, parse))
  }
  return found
}

function firstReadable<T>(candidates: string[], text: string, parse: (value: string) => T): [string, T] {
  let refusal: unknown
  for (const name of candidates) {
    try {
      return [name, parse(text.slice(name.length + 1))]
    } catch (error) {
      refusal ??= error
    }
  }
  throw refusal
}

/** `a,b`, or a JSON array where a name holds a comma. */
export function parseNames(option: string, text: string): string[] {
  if (!text.startsWith('[')) return text.split(',').map((name) => name.trim()).filter(Boolean)
  try {
    const names: unknown = JSON.parse(text)
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names
  } catch {
    // said below
  }
  throw new UsageError(`${option} ${text}: write names with commas between them, or a JSON array of them`)
}

/** The schemas of `--schemas`: every readable one for `all` or none given. */
export function chooseNames(options: string[] | undefined, names: string[]): string[] | 'all' {
  if (!options || (options.length === 1 && options[0] === 'all')) return 'all'
  const chosen = options.flatMap((text) => (names.includes(text) ? [text] : parseNames('--schemas', text)))
  for (const name of chosen) if (!names.includes(name)) throw noSchema(name, names)
  return [...new Set(chosen)]
}

export function noSchema(name: string, names: string[]): AppError {
  const shown = names.slice(0, 20).join(', ')
  return new AppError('not_found', { title: `The source has no schema ${name}`, detail: names.length ? `It has: ${shown}${names.length > 20 ? `, and ${names.length - 20} more` : ''}` : undefined, advice: 'Write the name as it is shown by tributary status or discover' })
}

const shortFrequencies: Record<string, Frequency> = {
  '5m': 'five_minutes', '5min': 'five_minutes',
  '30m': 'thirty_minutes', '30min': 'thirty_minutes',
  '1h': 'hour', hourly: 'hour',
  '6h': 'six_hours',
  '12h': 'twelve_hours',
  '24h': 'day', '1d': 'day', daily: 'day',
  '7d': 'week', weekly: 'week',
  monthly: 'month',
}

/** `5m` … `monthly`, or the word that the API uses. */
export function parseFrequency(text: string): Frequency {
  const frequency = readFrequency(text)
  if (frequency) return frequency
  throw new UsageError(`--frequency ${text}: write 5m, 30m, 1h, 6h, 12h, daily, weekly or monthly`)
}

/** How often everything is listed again: a frequency, or `off` for never. */
export function parseListing(text: string): Frequency | null {
  if (text.toLowerCase() === 'off') return null
  const frequency = readFrequency(text)
  if (frequency) return frequency
  throw new UsageError(`--listing ${text}: write daily, weekly, monthly or off`)
}

const lookBackSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `10m`, `2h`, `1d` for a time or a date, `1000` for a number, `0` for none, `default` for the one of the key's type. */
export function parseLookBack(text: string): number | null {
  if (text.toLowerCase() === 'default') return null
  const [, amount, unit] = /^(\d{1,9})([smhd]?)$/i.exec(text) ?? []
  const lookBack = Number(amount) * (unit ? (lookBackSeconds[unit.toLowerCase()] ?? 1) : 1)
  if (amount !== undefined && lookBack <= LONGEST_LOOK_BACK) return lookBack
  throw new UsageError(`--look-back ${text}: write 10m, 2h or 1d for a time, 1000 for a number, 0 for none, or default`)
}

/** From which share of the rows on a version waits for a decision, in percent, or `off` for never. */
export function parseBrake(text: string): number | null {
  if (text.toLowerCase() === 'off') return null
  const percent = Number(/^(\d{1,3})\s*%?$/.exec(text)?.[1])
  if (percent >= 1 && percent <= 100) return percent
  throw new UsageError(`--brake ${text}: write a share from 1 to 100, in percent, or off`)
}

function readFrequency(text: string): Frequency | undefined {
  const word = text.toLowerCase().replaceAll(' ', '')
  return Frequency.safeParse(shortFrequencies[word] ?? word).data
}

/** A schema's method as it is written here: `incremental:updated_at`, `incremental` where changes are followed, `full`. */
export function methodText({ method, replicationKey }: { method: 'full' | 'incremental' | null; replicationKey: string | null }): string {
  return replicationKey === null ? (method ?? '') : `${method}:${replicationKey}`
}
