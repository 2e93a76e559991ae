import { AppError } from '@/lib/core/errors'
import type { Engine } from '../../duckdb'
import { keptType } from '../../types/kept-type'
import { mergeTypes } from '../../types/merge-types'
import { FileProblem } from '../file-problem'
import { Misfits, type LocalFile, type Piece, type ReadColumn } from '../format'
import { broken } from './footer'
import { readSql, valueSql } from './read-sql'

const EXAMPLE_MAX = 100

/** Why a Parquet file could not be read: values that do not fit the types asked for, or bytes that are none of Parquet. */
export async function explainParquet(engine: Engine, { file }: Pick<Piece, 'file'>, columns: ReadColumn[], error: unknown): Promise<Misfits | unknown> {
  if (error instanceof AppError) return error
  const misfits: Misfits['columns'] = []
  for (const column of columns) {
    const example = await misfit(engine, file.path, column)
    if (example === null) continue
    if (column.isChosen) return new FileProblem(`${file.address} holds a value that does not fit`, `Column ${column.name}: ${example}`, `Choose another type for ${column.name}, or mend the file`, error)
    misfits.push({ name: column.name, as: column.as, example, widerType: widerType(column) })
  }
  if (misfits.length) return new Misfits(misfits)
  return engineProblem(file, error)
}

/** The engine's words of the first value that does not fit; null when all fit, or the column cannot be read at all. */
async function misfit(engine: Engine, path: string, column: ReadColumn): Promise<string | null> {
  if (column.type === column.as) return null
  try {
    await engine.rows(`SELECT max(hash(${valueSql({ ...column, as: column.type })})) FROM ${readSql(path)}`)
  } catch {
    return null // it is the file that is broken, and no value
  }
  try {
    await engine.rows(`SELECT max(hash(${valueSql(column)})) FROM ${readSql(path)}`)
    return null
  } catch (error) {
    return messageOf(error).slice(0, EXAMPLE_MAX * 2)
  }
}

function widerType({ type, as }: ReadColumn): string {
  const merged = keptType(mergeTypes(type, as))
  return merged === as ? 'VARCHAR' : merged
}

/** What the engine says, without its own paths and places. What it does not know is no fault of the file. */
export function engineProblem(file: LocalFile, error: unknown, place = ''): FileProblem {
  const words = messageOf(error).replaceAll(file.path, file.address).slice(0, 300)
  if (!/support|not implemented/i.test(words)) return broken(file, `${place}${words}`, error)
  return new FileProblem(`${file.address} is written in a way that cannot be read`, `${place}${words}`, 'Write it with the usual encodings: plain, dictionary, delta', error)
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line.replace(/^(Invalid Input|Conversion|Invalid|IO|INTERNAL|FATAL|Not implemented|Out of Range|Binder|Serialization) Error: /, '')
}
