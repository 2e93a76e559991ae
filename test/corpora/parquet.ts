import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { LocalFile } from '@/lib/warehouse/formats/format'
import { parquetFormat } from '@/lib/warehouse/formats/parquet/parquet-format'
import { verifyParquet } from '@/lib/warehouse/formats/parquet/verify-parquet'
import { keptType } from '@/lib/warehouse/types/kept-type'

export interface CorpusResult {
  file: string
  /** `digest`: of all rows as text, in whatever order. */
  outcome: { kind: 'read'; rows: number; digest: string } | { kind: 'refused'; words: string } | { kind: 'failed'; words: string }
}

/** Every Parquet file below a folder of apache/parquet-testing, as a sync would read it: looked at, verified, selected. */
export async function readParquetCorpus(folder: string): Promise<CorpusResult[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.parquet(\.encrypted)?$/.test(name)).sort()
  const results: CorpusResult[] = []
  for (const name of names) {
    // a file that kills an engine must not take the others' with it
    const engine = await openEngine(new AbortController().signal)
    results.push({ file: name, outcome: await outcomeOf(engine, path.join(folder, name), name) })
    await engine.close()
  }
  return results
}

async function outcomeOf(engine: Engine, file: string, name: string): Promise<CorpusResult['outcome']> {
  const local: LocalFile = { path: file, bytes: (await stat(file)).size, address: name }
  try {
    const inspection = await parquetFormat.inspect(engine, local, { format: 'parquet', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }, null)
    if (inspection.columns.length) await verifyParquet(engine, local, inspection)
    const columns = inspection.columns.map((column) => ({ ...column, as: keptType(column.type), isChosen: false }))
    const sql = columns.length ? parquetFormat.selectSql({ file: local, inspection, isFirst: true, linesBefore: 0 }, columns) : 'SELECT 1 WHERE false'
    const rows = await engine.rows(sql)
    return { kind: 'read', rows: rows.length, digest: createHash('sha256').update(rows.map((row) => JSON.stringify(row)).sort().join()).digest('hex').slice(0, 16) }
  } catch (error) {
    return error instanceof FileProblem ? { kind: 'refused', words: error.message } : { kind: 'failed', words: error instanceof Error ? error.message : String(error) }
  }
}
