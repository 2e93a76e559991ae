import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/core/errors'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import type { LocalFile } from '@/lib/warehouse/formats/format'
import { parquetFormat } from '@/lib/warehouse/formats/parquet/parquet-format'
import { verifyParquet } from '@/lib/warehouse/formats/parquet/verify-parquet'
import { keptType } from '@/lib/warehouse/types/kept-type'
import { PARQUET_VALUES } from './parquet-values'

export interface ParquetCorpusResult {
  file: string
  outcome: 'read right' | 'refused in words' | 'WRONG'
  words: string
}

/**
 * Every Parquet file below a folder of apache/parquet-testing (`data`, `bad_data`), as a sync would read it: looked at, verified, selected. The values it must
 * have were compared with those that another reader gives, and are kept as digests; every other file must be refused in words.
 */
export async function readParquetCorpus(folder: string): Promise<ParquetCorpusResult[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.parquet(\.encrypted)?$/.test(name)).sort()
  const results: ParquetCorpusResult[] = []
  for (const name of names) {
    // a file that kills an engine must not take the others' with it
    const engine = await openEngine(new AbortController().signal)
    results.push({ file: name, ...judge(name, await outcomeOf(engine, path.join(folder, name), name)) })
    await engine.close()
  }
  return results
}

type Outcome = { kind: 'read'; digest: string } | { kind: 'refused'; words: string } | { kind: 'failed'; words: string }

function judge(name: string, outcome: Outcome): Omit<ParquetCorpusResult, 'file'> {
  const expected = PARQUET_VALUES[path.basename(name)]
  if (outcome.kind === 'failed') return { outcome: 'WRONG', words: outcome.words }
  if (outcome.kind === 'refused') return { outcome: expected === undefined ? 'refused in words' : 'WRONG', words: outcome.words }
  return { outcome: expected === outcome.digest ? 'read right' : 'WRONG', words: `its values have the digest ${outcome.digest}` }
}

async function outcomeOf(engine: Engine, file: string, name: string): Promise<Outcome> {
  const local: LocalFile = { path: file, bytes: (await stat(file)).size, address: name }
  try {
    const inspection = await parquetFormat.inspect(engine, local, { format: 'parquet', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }, null)
    if (inspection.columns.length) await verifyParquet(engine, local, inspection)
    const columns = inspection.columns.map((column) => ({ ...column, as: keptType(column.type), isChosen: false }))
    const sql = columns.length ? parquetFormat.selectSql({ file: local, inspection, isFirst: true, linesBefore: 0 }, columns) : 'SELECT 1 WHERE false'
    const rows = await engine.rows(sql)
    // in whatever order
    return { kind: 'read', digest: createHash('sha256').update(rows.map((row) => JSON.stringify(row)).sort().join()).digest('hex').slice(0, 16) }
  } catch (error) {
    return error instanceof AppError ? { kind: 'refused', words: error.message } : { kind: 'failed', words: error instanceof Error ? error.message : String(error) }
  }
}
