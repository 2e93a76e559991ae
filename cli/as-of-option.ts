import { AsOf, type TableAsOf } from '@/lib/core/as-of'
import { UsageError, type Terminal } from './terminal'

/** `--as-of`: a time for every table, and TABLE@VERSION for one. */
export function parseAsOf(values: string[]): AsOf | null {
  if (!values.length) return null
  let time: string | null = null
  const versions: AsOf['versions'] = []
  for (const value of values) {
    const [, table, version] = /^(.+)@(\d{1,9})$/.exec(value) ?? []
    if (table && version) {
      versions.push({ table, version: Number(version) })
      continue
    }
    if (/^\d{1,9}$/.test(value)) throw new UsageError(`A version is that of one table: --as-of TABLE@${value}`)
    const at = new Date(value)
    if (Number.isNaN(at.getTime())) throw new UsageError(`--as-of takes a time (2026-11-28T12:00:00Z, or 2026-11-28 12:00 of this machine's zone) or TABLE@VERSION, not ${value}`)
    if (time !== null) throw new UsageError('--as-of takes one time, and it is that of every table')
    time = at.toISOString()
  }
  const read = AsOf.safeParse({ time, versions })
  if (!read.success) throw new UsageError(read.error.issues[0]?.message ?? '--as-of cannot be read')
  return read.data
}

/** What was read, for the person who watches. */
export function sayAsOf(terminal: Terminal, asOf: TableAsOf[] | undefined): void {
  if (!asOf) return
  terminal.say(asOf.length ? asOf.map(({ table, version, since, isCurrent }) => `${table} as of version ${version}, of ${since}${isCurrent ? ', which is the current one' : ''}`).join('\n') : 'No table was read')
}
