import { limits } from '@/lib/core/limits'
import { numberedDeletesSql } from './parquet-sql'
import { quoteIdentifier, quotePaths } from './sql-text'
import type { LocalPath } from './object-store/store'
import type { TableFile, TableSnapshot, VersionColumn } from './version'

/**
 * A deletion vector says of every row of a table whether it is deleted: Parquet of (word, bits), a word for each 64 rows, file after file. It
 * is made of a version's delete files, and says nothing that they do not. A scan finds the word of a row by its number and looks at one bit, which costs
 * a third of looking the row up among the deleted ones.
 */
export interface DeletionVector {
  /** From the number of a file's first word to that of the next file's: a power of two, so that a row's word follows from its file and number without an addition. */
  stride: number
  /** How many words there are: as many as the rows of each file need. */
  words: number
}

/** The engine joins with numbers below this one by position, without hashing (its PerfectHashJoinExecutor). */
const NUMBERS_MAX = 1024 * 1024

/** A virtual column of the engine; a table's own column of that name would hide it. */
const FILE_INDEX = 'file_index'

/** The vector that serves a version's scans; null where there is nothing to gain: few rows, no deleted ones, or too many for one. */
export function deletionVectorOf({ dataFiles, deleteFiles, columns }: TableSnapshot): DeletionVector | null {
  if (!deleteFiles.length || dataFiles.some(({ layout }) => layout) || columns.some(({ name }) => name.toLowerCase() === FILE_INDEX)) return null
  if (dataFiles.reduce((rows, file) => rows + file.rows, 0) < limits.deletionVectorRows) return null
  const words = dataFiles.map(wordsOf)
  const stride = 2 ** Math.ceil(Math.log2(Math.max(...words)))
  return stride * dataFiles.length <= NUMBERS_MAX ? { stride, words: words.reduce((sum, each) => sum + each, 0) } : null
}

function wordsOf({ rows }: TableFile): number {
  return Math.ceil(rows / 64)
}

/** A SELECT of (word, bits); without any row when the delete files do not name just the rows that the version lacks. */
export function deletionVectorSql(table: TableSnapshot, { stride }: DeletionVector, localPath: LocalPath): string {
  const { dataFiles, rows } = table
  const deleted = dataFiles.reduce((sum, file) => sum + file.rows, 0) - rows
  const bit = `CASE WHEN pos & 63 = 63 THEN -9223372036854775807 - 1 ELSE 1::BIGINT << (pos & 63) END`
  return `WITH named AS (
      SELECT (file - 1) * ${stride}::BIGINT + (pos >> 6) AS word, bit_or(${bit}) AS bits
      FROM (${numberedDeletesSql(table, localPath)}) GROUP BY 1
    ), numbered AS (
      SELECT (file - 1) * ${stride}::BIGINT + unnest(range(words[file])) AS word FROM (SELECT [${dataFiles.map(wordsOf).join(', ')}] AS words), range(1, ${dataFiles.length + 1}) AS files(file)
    ), vector AS MATERIALIZED (
      SELECT numbered.word, coalesce(named.bits, 0) AS bits FROM numbered LEFT JOIN named ON named.word = numbered.word
    )
    SELECT word, bits FROM vector WHERE (SELECT sum(bit_count(bits)) FROM vector) = ${deleted}`
}

/**
 * A SELECT of the rows of data files that a vector does not call deleted. A checked addition for each row would cost as much as everything else here, so
 * that the word's number is put together of bits; and abs() changes nothing, but has the engine keep statistics, without which it would hash.
 */
export function scanByVectorSql(paths: string[], columns: VersionColumn[], { stride }: DeletionVector, vectorPath: string): string {
  const row = 'data.file_row_number'
  return `SELECT ${columns.map(({ name }) => `data.${quoteIdentifier(name)}`).join(', ')} FROM read_parquet(${quotePaths(paths)}, file_row_number = true) AS data
    JOIN (SELECT word, bits FROM read_parquet(${quotePaths([vectorPath])})) AS vector ON vector.word = abs(data.${FILE_INDEX}::BIGINT * ${stride} | (${row} >> 6))
    WHERE ((vector.bits >> (${row} & 63)) & 1) = 0`
}
