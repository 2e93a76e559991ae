import { AppError } from '@/lib/core/errors'
import type { Json } from '@duckdb/node-api'
import type { Engine } from '../../duckdb'
import { canonicalType, NULL_TYPE } from '../../types/type-name'
import { FileProblem } from '../file-problem'
import { Misfits, Rewritten, type Piece, type ReadColumn } from '../format'
import { eachRow, findProblem, rewriteCsv } from './prepare'
import { lineWords, shown } from './problems'
import { isNull } from './row-reader'
import { BUFFER_BYTES, fieldOf, readTextsSql } from './read-sql'
import { chosenFitsSql, fitsSql, isEmptySql, isFoundType } from './value-sql'
import { FOUND_TYPES, type FoundType } from './value-type'

/** Types that may follow one that values do not fit, the narrowest first; then text. */
const WIDER: Record<string, FoundType[]> = { BIGINT: ['DOUBLE'], DATE: ['TIMESTAMP'], [NULL_TYPE]: [...FOUND_TYPES] }

interface Misfit {
  column: ReadColumn
  example: string
  /** Of `WIDER`, those that keep every value of the column. */
  fitting: FoundType[]
}

/** Why a piece was not read. The engine's own words are never looked at: it is read again as text, and by ourselves. */
export async function explainCsv(engine: Engine, piece: Piece, columns: ReadColumn[], error: unknown): Promise<unknown> {
  if (error instanceof AppError) return error
  const misfits = await findMisfits(engine, piece, columns)
  if (misfits instanceof AppError) return misfits
  if (misfits === null) {
    // a row that is too long for the engine's buffer, or one that is wrong: what is not told by the first is told by the second reading
    if (!piece.hasLongRows && piece.file.bytes >= BUFFER_BYTES) return new Rewritten({ ...piece, hasLongRows: true })
    const problem = await findProblem(piece.original ?? piece)
    if (problem) return problem
    return piece.original ? error : new Rewritten(await rewriteCsv(piece))
  }
  const chosen = misfits.find(({ column }) => column.isChosen)
  if (chosen) return misfitProblem(piece.original ?? piece, chosen).catch((problem: unknown) => problem)
  if (misfits.length === 0) return error
  return new Misfits(misfits.map(({ column, example, fitting }) => ({ name: column.name, as: column.as, example: shown(example), widerType: fitting[0] ?? 'VARCHAR' })))
}

/** Null when the piece cannot be read as text either. */
async function findMisfits(engine: Engine, piece: Piece, columns: ReadColumn[]): Promise<Misfit[] | AppError | null> {
  const typed = columns.map((column) => ({ column, as: canonicalType(column.as) })).filter(({ as }) => as !== 'VARCHAR')
  const parts = typed.flatMap(({ column, as }) => {
    const field = fieldOf(piece, column)
    const wider = WIDER[as] ?? []
    return [
      `first(${field}) FILTER (NOT ${isEmptySql(field)} AND NOT coalesce(${conditionSql(column, as, field)}, false))`,
      ...wider.map((type) => `coalesce(bool_and(coalesce(${fitsSql(field, type)}, false)) FILTER (NOT ${isEmptySql(field)}), true)`),
      // a word that only means a number beside others that are some
      `coalesce(bool_or(regexp_matches(${field}, '[0-9]')), false)`,
    ]
  })
  let row: Json[] | undefined
  try {
    ;[row] = await engine.rows(`SELECT ${['count(*)', ...parts].join(', ')} FROM ${readTextsSql(piece)}`)
  } catch (error) {
    return error instanceof AppError ? error : null
  }
  let at = 1
  return typed.flatMap(({ column, as }) => {
    const wider = WIDER[as] ?? []
    const [example, ...answers] = (row ?? []).slice(at, at + wider.length + 2)
    at += wider.length + 2
    const hasNumber = answers.at(-1) === true
    const fitting = wider.filter((type, i) => answers[i] === true && (type !== 'DOUBLE' || hasNumber))
    return typeof example === 'string' ? [{ column, example, fitting }] : []
  })
}

function conditionSql({ isChosen }: ReadColumn, as: string, field: string): string {
  if (as === NULL_TYPE) return 'false'
  return isChosen || !isFoundType(as) ? chosenFitsSql(field, as) : fitsSql(field, as)
}

async function misfitProblem(piece: Piece, { column, example }: Misfit): Promise<FileProblem> {
  const index = piece.inspection.columns.findIndex(({ name }) => name === column.name)
  let line: number | null = null
  const nullTexts = piece.inspection.csv?.nullTexts ?? []
  await eachRow(piece, (row) => {
    const text = row.fields[index] ?? ''
    if (line === null && text === example && !isNull(text, row.isQuoted[index] ?? false, nullTexts)) line = row.line
  })
  const place = line === null ? '' : `${lineWords(piece.linesBefore + line)}, `
  return new FileProblem(
    `${piece.file.address} has a value that is no ${column.as}`,
    `${place}column ${shown(column.name)}: ${JSON.stringify(shown(example))} is no ${column.as}`,
    'Choose another type for the column, or correct the file',
  )
}
