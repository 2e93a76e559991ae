import type { CsvSettings } from '@/lib/core/files-settings'
import type { Dialect } from './dialect'
import { fieldCount, RowReader, type CsvRow } from './row-reader'

/** A dialect, and what the beginning of a text is in it. */
export interface Reading {
  dialect: Dialect
  /** Lines before the table that are no rows of it. */
  skipLines: number
  isAfterPreamble: boolean
  width: number
  /** How many of the rows have this width, from 0 to 1. */
  share: number
  rows: CsvRow[]
}

const DELIMITERS = ['\t', ',', ';', '|']
const ROWS = 400
const LETTERS = 65_536
const PREAMBLE_ROWS = 50

/**
 * How a text is to be parted, where the settings do not say. Delimiters and quotes are held against the rows that they make: those win by which most rows have as many
 * fields. Quotes are never given up by guessing, for then a file with one broken quote would be read with all of them as letters.
 */
export function sniff(text: string, isCut: boolean, settings: CsvSettings): Reading {
  const head = firstLetters(text)
  const isHeadCut = isCut || head.length < text.length
  const best = (dialects: Dialect[]): Reading => pick(dialects.map((dialect) => readingOf(head, isHeadCut, dialect, settings)))
  const delimiters = settings.delimiter === undefined ? DELIMITERS : [settings.delimiter]
  const base = { quote: settings.quote ?? '"', comment: settings.comment ?? '', isCrEnded: isCrEnded(head) }
  const escapes = settings.escape === undefined ? [base.quote, ...(base.quote === '"' ? ['\\'] : [])] : [settings.escape]
  const found = best(escapes.flatMap((escape) => delimiters.map((delimiter) => ({ ...base, delimiter, escape }))))
  const others = alternatives(head, found, settings, delimiters)
  const chosen = others.length ? pick([found, ...others.map((dialect) => readingOf(head, isHeadCut, dialect, settings))]) : found
  if (chosen.width > 1 || settings.delimiter !== undefined) return chosen
  return singleColumn(head, isHeadCut, chosen, settings)
}

/** Enough of a text to hold a few rows. */
function firstLetters(text: string): string {
  const head = text.slice(0, LETTERS)
  return (head.match(/[\r\n]./g)?.length ?? 0) > 3 ? head : text
}

function isCrEnded(head: string): boolean {
  return !head.includes('\n') && head.includes('\r')
}

/** More ways to read it, when something in the text speaks for them. */
function alternatives(head: string, { dialect, share, rows }: Reading, settings: CsvSettings, delimiters: string[]): Dialect[] {
  const all: Dialect[] = []
  if (settings.comment === undefined && share < 1 && /^#/m.test(head)) all.push({ ...dialect, comment: '#' })
  const isSingleQuoted = settings.quote === undefined && !rows.some(({ isQuoted }) => isQuoted.includes(true)) && quotedColumn(rows)
  if (isSingleQuoted) all.push(...delimiters.map((delimiter) => ({ ...dialect, delimiter, quote: "'", escape: settings.escape ?? "'" })))
  if (!dialect.isCrEnded && rows.at(-1)?.problem && (head.match(/\r(?!\n)/g)?.length ?? 0) > (head.match(/\n/g)?.length ?? 0)) all.push({ ...dialect, isCrEnded: true })
  return all
}

/** Does a column stand in single quotes, row by row? */
function quotedColumn(rows: CsvRow[]): boolean {
  const texts = rows.slice(1).map(({ fields }) => fields).filter((fields) => fields.length > 0)
  return texts.length > 0 && (texts[0] ?? []).some((_, i) => texts.filter((fields) => /^'[^]*'$/.test(fields[i] ?? '')).length >= Math.max(1, texts.length * 0.9)) || texts.some((fields) => fields.some((field) => field.startsWith("'")) && fields.some((field) => field.endsWith("'") && !field.startsWith("'")))
}

function readingOf(text: string, isCut: boolean, dialect: Dialect, settings: CsvSettings): Reading {
  const skipped = settings.skipLines ?? 0
  const rows = readRows(text, isCut, dialect, skipped, ROWS)
  const full = rows.filter(({ isBlank }) => !isBlank)
  const width = usualWidth(full)
  const before = settings.skipLines === undefined && width > 1 ? preambleRows(full, width) : 0
  const table = full.slice(before)
  const isPadded = settings.raggedRows === 'padded'
  const fitting = table.filter((row) => row.problem === null && (isPadded ? fieldCount(row, width) <= width : fieldCount(row, width) === width)).length
  return { dialect, skipLines: before > 0 ? (table[0]?.line ?? skipped) : skipped, isAfterPreamble: before > 0, width, share: table.length ? fitting / table.length : 1, rows: table }
}

export function readRows(text: string, isCut: boolean, dialect: Dialect, skipLines: number, limit: number): CsvRow[] {
  const reader = new RowReader(text, dialect, { at: 0, line: 0 }, isCut)
  for (let i = 0; i < skipLines; i++) reader.skipLine()
  const rows: CsvRow[] = []
  for (let row = reader.next(); row && rows.length < limit; row = reader.next()) rows.push(row)
  return rows
}

function usualWidth(rows: CsvRow[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) if (row.problem === null) counts.set(row.fields.length, (counts.get(row.fields.length) ?? 0) + 1)
  let [width, most] = [1, 0]
  // of widths that are as frequent the first row's is taken: it is the header's
  for (const [count, times] of counts) if (times > most) [width, most] = [count, times]
  return width
}

/** A title or remarks of one field each, before rows of several. Anything else in that place is no guess of ours to make. */
function preambleRows(rows: CsvRow[], width: number): number {
  const first = rows.findIndex((row) => row.fields.length !== 1)
  const isFollowed = rows.length - first >= 2 && rows[first]?.fields.length === width && rows[first + 1]?.fields.length === width
  return first > 0 && first <= PREAMBLE_ROWS && isFollowed ? first : 0
}

function pick(readings: Reading[]): Reading {
  const [first, ...others] = readings
  if (!first) throw new Error('There is always a way to read a text')
  return others.reduce((best, reading) => (score(reading) > score(best) + 1e-9 ? reading : best), first)
}

function score({ width, share, rows, dialect, isAfterPreamble }: Reading): number {
  // a table with a mistake is still one: it is refused in words, where one column of text would swallow it
  const penalty = (rows.at(-1)?.problem ? 0.5 : 0) + (isAfterPreamble ? 0.15 : 0) + (dialect.comment ? 0.01 : 0)
  if (width === 1 || share < 0.5) return share / 2 - penalty
  return 1 + share + Math.min(width, 20) / 100 + (dialect.delimiter === '\t' ? 0.1 : 0) - penalty
}

/** No delimiter makes columns: one is taken that the text does not have, so that a later one is noticed. */
function singleColumn(head: string, isCut: boolean, reading: Reading, settings: CsvSettings): Reading {
  const all = [',', ';', '\t', '|', '\x1f', '\x1e'].map((delimiter) => readingOf(head, isCut, { ...reading.dialect, delimiter }, settings))
  return all.find(({ width, share }) => width === 1 && share === 1) ?? reading
}
