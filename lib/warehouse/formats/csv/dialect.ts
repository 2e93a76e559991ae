import { AppError } from '@/lib/core/errors'
import type { CsvSettings } from '@/lib/core/files-settings'
import type { Inspection } from '../format'

/** All that is needed to part a text into rows and fields. */
export interface Dialect {
  delimiter: string
  /** Empty: none. */
  quote: string
  escape: string
  comment: string
  /** Does a carriage return alone end a row? Else it is a line feed, with or without a carriage return before it. */
  isCrEnded: boolean
}

export function dialectOf({ csv, csvText }: Inspection): Dialect {
  if (!csv) throw new AppError('internal', { title: 'A file was read as CSV that was not looked at as CSV', advice: 'Report this with the log of the run' })
  return { delimiter: csv.delimiter, quote: csv.quote, escape: csv.escape, comment: csv.comment, isCrEnded: csvText?.lineEnd === '\r' }
}

/** Settings of people that contradict each other would be misread in silence. */
export function checkSettings({ delimiter = ',', quote = '"', comment = '', escape = '' }: CsvSettings): void {
  const clash = (detail: string): never => {
    throw new AppError('invalid', { title: 'The settings of CSV contradict each other', detail, advice: 'Change one of them, or leave it empty to have it found out' })
  }
  for (const [name, text] of [['delimiter', delimiter], ['quote', quote], ['comment', comment], ['escape', escape]] as const) {
    if (/[\r\n\0]/.test(text)) clash(`The ${name} holds the end of a line`)
    if (name !== 'delimiter' && /[^\0-\x7f]/.test(text)) clash(`The ${name} is ${text}: only ASCII will do`)
  }
  if (quote && delimiter.includes(quote)) clash('The delimiter holds the quote')
  if (comment && (delimiter.includes(comment) || comment === quote)) clash('The comment sign is the delimiter or the quote as well')
  if (escape && delimiter.includes(escape)) clash('The delimiter holds the escape')
}
