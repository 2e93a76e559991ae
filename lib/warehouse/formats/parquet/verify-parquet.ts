import { AppError } from '@/lib/core/errors'
import type { Engine } from '../../duckdb'
import { quoteIdentifier } from '../../sql-text'
import { FileProblem } from '../file-problem'
import type { Inspection, LocalFile } from '../format'
import { engineProblem } from './explain-parquet'
import { broken, readFooter } from './footer'
import { checkPages } from './pages'
import { readSql } from './read-sql'

/** Hashed together in one go; more would only cost memory. */
const COLUMNS_AT_ONCE = 50
/** The engine turns what an INT96 holds beyond the year 287,000 into a year far before Christ. */
const WRAPPED_BEFORE = `TIMESTAMP '200000-01-01 (BC)'`

/**
 * A file that is kept as it is must be good to its last byte now, and not when somebody queries it: every page is checked, and every value
 * is decoded once. Throws FileProblem with the place.
 */
export async function verifyParquet(engine: Engine, file: LocalFile, inspection: Inspection): Promise<void> {
  const footer = await readFooter(file)
  await checkPages(file, footer)
  for (let at = 0; at < inspection.columns.length; at += COLUMNS_AT_ONCE) await decode(engine, file, inspection, inspection.columns.slice(at, at + COLUMNS_AT_ONCE))
}

async function decode(engine: Engine, file: LocalFile, { rows }: Inspection, columns: Inspection['columns']): Promise<void> {
  const names = columns.map(({ physical }) => quoteIdentifier(physical))
  const found = await rowsOf(engine, file, `SELECT count(*), bit_xor(hash(${names.join(', ')}))${columns.map(wrapSql).join('')} FROM ${readSql(file.path)}`, columns)
  const [count, , ...wraps] = found[0] ?? []
  if (Number(count) !== rows) throw broken(file, `It should hold ${rows} rows, and holds ${String(count)}`)
  if (wraps.includes(true)) throw new FileProblem(`${file.address} holds values that cannot be read`, 'A column of INT96 has moments after the year 287,000', 'Write the column as TIMESTAMP with microseconds, or mend the values')
}

function wrapSql({ physical, type, note }: Inspection['columns'][number]): string {
  return type === 'TIMESTAMP' && note?.includes('INT96') ? `, min(${quoteIdentifier(physical)}) FILTER (NOT isinf(${quoteIdentifier(physical)})) < ${WRAPPED_BEFORE}` : ''
}

async function rowsOf(engine: Engine, file: LocalFile, sql: string, columns: Inspection['columns']): Promise<unknown[][]> {
  try {
    return await engine.rows(sql)
  } catch (error) {
    if (error instanceof AppError) throw error
    const column = columns.length > 1 ? await brokenColumn(engine, file, columns) : columns[0]
    throw engineProblem(file, error, column ? `Column ${column.name}: ` : '')
  }
}

async function brokenColumn(engine: Engine, file: LocalFile, columns: Inspection['columns']): Promise<Inspection['columns'][number] | null> {
  for (const column of columns) {
    try {
      await engine.rows(`SELECT bit_xor(hash(${quoteIdentifier(column.physical)})) FROM ${readSql(file.path)}`)
    } catch {
      return column
    }
  }
  return null
}
