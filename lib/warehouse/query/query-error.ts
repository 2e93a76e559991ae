import { AppError, type ErrorCode, type ErrorWords } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { ChildFailure } from './messages'
import { nearNames } from './near-names'
import type { EndReason } from '../watched-process'
import type { QueryPosition } from './types'

/** A query's failure in words, with its place in the text where the engine knows it. */
export class QueryError extends AppError {
  readonly position: QueryPosition | null
  constructor(code: ErrorCode, words: ErrorWords, position: QueryPosition | null = null, cause?: unknown) {
    super(code, words, { cause })
    this.name = 'QueryError'
    this.position = position
  }
}

export interface FailureContext {
  sql: string
  /** A folder that no message may name. */
  folder: string
  /** Every name that a table goes by, for suggestions. */
  tableNames: string[]
}

/** What the child said, as an error for people. */
export function failureToError(failure: ChildFailure, context: FailureContext): QueryError {
  const position = failure.offset === undefined ? null : positionAt(context.sql, failure.offset)
  const words = wordsOf(failure, context)
  const clean = (text: string | undefined): string | undefined => text?.replaceAll(`${context.folder}/`, '').replaceAll(context.folder, '')
  return new QueryError('query', { title: words.title, detail: clean(words.detail), advice: clean(words.advice) }, position)
}

/** Why the child is gone, as an error for people. */
export function endToError(reason: EndReason | undefined, complaint: string): QueryError {
  if (reason === 'cancelled') return new QueryError('cancelled', { title: 'The query was cancelled' })
  if (reason === 'time') return new QueryError('timeout', { title: `The query was ended after ${limits.querySeconds} seconds`, advice: 'Read fewer rows (WHERE, a shorter time span), or fewer columns' })
  if (reason === 'memory' || /heap out of memory/i.test(complaint)) return outOfMemory()
  return new QueryError('query', { title: 'The query ended the process it ran in', detail: 'Nothing else was touched by it', advice: 'Write it in another way; if it stays, report it with its text' }, null, new Error(complaint))
}

/** Line and column of a place that is counted in bytes of UTF-8. */
export function positionAt(sql: string, byteOffset: number): QueryPosition {
  const before = Buffer.from(sql).subarray(0, byteOffset).toString('utf8')
  const offset = Math.min(before.length, sql.length)
  const lineStart = sql.lastIndexOf('\n', offset - 1) + 1
  return { line: sql.slice(0, offset).split('\n').length, column: offset - (offset === 0 ? 0 : lineStart) + 1, offset }
}

function wordsOf(failure: ChildFailure, context: FailureContext): ErrorWords {
  const message = failure.message.trim()
  if (failure.type === 'Refused') return refusalWords(failure.subtype, message)
  if (failure.type === 'Parser' || failure.type === 'Syntax') return { title: 'The query has a mistake in its syntax', detail: sentence(message.replace(/^syntax error at or near /i, 'At or near ').replace(/^syntax error at end of input/i, 'It ends too early')) }
  if (failure.subtype === 'MISSING_ENTRY' && message.startsWith('Table with name')) return missingTable(failure, context)
  if (failure.subtype === 'MISSING_ENTRY') return { title: sentence(firstLine(message).replace(/ does not exist.*$/, ' does not exist')), advice: didYouMean(failure.candidates) }
  if (failure.subtype === 'COLUMN_NOT_FOUND') return { title: `There is no column named ${failure.name ?? 'so'} here`, advice: didYouMean(failure.candidates) }
  const column = /^(?:Values list|Table) "([^"]*)" does not have a column named "([^"]*)"/.exec(message)
  if (column) return { title: `There is no column named ${column[2]} in ${column[1]}`, advice: didYouMean(failure.candidates) }
  if (failure.type === 'Out of Memory') return outOfMemoryWords(message)
  if (failure.type === 'Permission') return { title: 'Queries read the tables of this workspace only', detail: 'Files, other databases and the network cannot be reached from a query', advice: 'Link what you need as a source' }
  if (failure.type === 'Conversion') return { title: 'A value could not be converted', detail: sentence(message), advice: 'TRY_CAST gives NULL for a value that does not fit' }
  if (failure.type === 'Binder') return { title: 'The query does not fit its tables', detail: sentence(message) }
  return { title: 'The query could not be run', detail: sentence(message) }
}

function refusalWords(subtype: string | undefined, message: string): ErrorWords {
  if (subtype === 'many') return { title: 'One statement is run at a time', advice: 'Select the statement to run, or remove the others' }
  if (subtype === 'empty') return { title: 'There is no query in this text', advice: 'Write a SELECT' }
  if (subtype === 'not_select') return { title: 'Only SELECT is run here', detail: message === 'Only SELECT is run here' ? 'Queries read; nothing is written, attached, installed or set' : sentence(message), advice: 'Write one SELECT (or WITH, FROM, VALUES, DESCRIBE, SHOW TABLES, EXPLAIN)' }
  if (subtype === 'pivot') return { title: message, detail: 'Without them the engine would have to run several statements', advice: 'Name them, as in PIVOT t ON x IN (1, 2, 3); several statements are run one at a time' }
  if (subtype === 'parameters') return { title: 'The query has parameters, which have no values here', advice: 'Write the values in place of $1 or ?' }
  if (subtype === 'size') return { title: 'A row of the result is too large to show', advice: 'Select fewer columns, or a part of the long text with substr()' }
  return { title: sentence(message) }
}

function missingTable(failure: ChildFailure, context: FailureContext): ErrorWords {
  const near = nearNames(failure.name ?? '', context.tableNames)
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : context.tableNames.length === 0 ? 'This workspace has no tables yet: link a source and sync it' : 'SHOW TABLES lists the tables'
  return { title: `There is no table named ${failure.name ?? 'so'}`, advice }
}

function outOfMemory(): QueryError {
  return new QueryError('query', outOfMemoryWords(''))
}

function outOfMemoryWords(message: string): ErrorWords {
  const isDisk = /temp_directory|temporary|max_temp/i.test(message)
  return {
    title: isDisk ? 'The query needed more room on disk than it may use' : 'The query needed more memory than it may use',
    detail: `A query has ${megabytes(limits.queryMemoryBytes)} of memory and ${megabytes(limits.querySpillBytes)} on disk`,
    advice: 'Read fewer rows or columns, or group and filter before joining and sorting',
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(0)} GB`
}

function didYouMean(candidates: string | undefined): string | undefined {
  const names = candidates?.split(',').map((name) => name.trim()).filter(Boolean).slice(0, 3) ?? []
  return names.length > 0 ? `Did you mean ${names.join(' or ')}?` : undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

/** Without the mark or stop at its end, since words are joined with full stops. */
function sentence(text: string): string {
  return text.replace(/\s*Did you mean "[^"]*"\?\s*$/, '').replace(/[.!\s]+$/, '')
}
