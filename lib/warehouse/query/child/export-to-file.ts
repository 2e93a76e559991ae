import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { DuckDBResult } from '@duckdb/node-api'
import type { ChildReply, ExportWork } from '../messages'
import { cellValue } from './cell-value'
import { Refusal } from './engine-failure'
import { columnsOf, startStream } from './send-rows'
import type { Judgement } from './judge'
import type { Sandbox } from './sandbox'

type Send = (reply: ChildReply) => Promise<void>

const WRITE_BYTES = 256 * 1024

/**
 * Write the result into `work.file`, the one file that the sandbox may write. CSV and Parquet are written by the engine
 * from `query('…')`: there the person's text is a string constant, which no text can break out of, and the engine itself
 * refuses all but a single SELECT in it. JSON is written row by row, with the same exact values as on the screen.
 */
export async function exportToFile(sandbox: Sandbox, judged: Judgement, work: ExportWork, send: Send): Promise<void> {
  if (judged.isExplain) throw new Refusal('not_select', 'Only SELECT can be exported')
  if (work.format === 'json') return exportJson(sandbox, judged, work, send)
  const columns = await describe(sandbox, judged)
  await send({ kind: 'columns', columns })
  const selection = work.guardsFormulas && work.format === 'csv' ? columns.map(guarded).join(', ') : '*'
  const options = work.format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT parquet, COMPRESSION zstd'
  const reader = await sandbox.connection.runAndReadAll(
    `COPY (SELECT ${selection} FROM query(${literal(judged.sql)}) LIMIT ${work.rowLimit}) TO ${literal(work.file)} (${options}, USE_TMP_FILE false)`,
  )
  const rows = Number(reader.getRows()[0]?.[0] ?? 0)
  await send({ kind: 'done', rows, isTruncated: rows >= work.rowLimit, bytesRead: null })
}

/** The columns as `query('…')` names them: it tells equal names apart. Prepared as it was written first, so that an error has its place. */
async function describe(sandbox: Sandbox, judged: Judgement): Promise<{ name: string; type: string }[]> {
  await sandbox.connection.prepare(judged.sql)
  const prepared = await sandbox.connection.prepare(`FROM query(${literal(judged.sql)})`)
  return Array.from({ length: prepared.columnCount }, (_, index) => ({ name: prepared.columnName(index), type: prepared.columnType(index).toString() }))
}

function guarded({ name, type }: { name: string; type: string }): string {
  const column = `"${name.replaceAll('"', '""')}"`
  if (type !== 'VARCHAR' && type !== 'JSON') return column
  return `CASE WHEN regexp_matches(${column}, '^[=+\\-@\\t\\r]') THEN '''' || ${column} ELSE ${column} END AS ${column}`
}

async function exportJson(sandbox: Sandbox, judged: Judgement, work: ExportWork, send: Send): Promise<void> {
  const result = await startStream(sandbox, judged)
  await send({ kind: 'columns', columns: columnsOf(result) })
  const output = createWriteStream(work.file, { flags: 'wx', mode: 0o600 })
  const names = result.deduplicatedColumnNames().map((name) => JSON.stringify(name))
  let rows = 0
  let text = '['
  for await (const line of jsonLines(result, names, work.rowLimit)) {
    text += (rows++ === 0 ? '\n' : ',\n') + line
    if (text.length < WRITE_BYTES) continue
    if (!output.write(text)) await once(output, 'drain')
    text = ''
  }
  output.end(`${text}\n]\n`)
  await finished(output)
  await send({ kind: 'done', rows, isTruncated: rows >= work.rowLimit, bytesRead: null })
}

async function* jsonLines(result: DuckDBResult, names: string[], rowLimit: number): AsyncIterable<string> {
  let count = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    for (let index = 0; index < chunk.rowCount; index++) {
      if (count++ >= rowLimit) return
      const fields: string[] = []
      chunk.visitRowValues(index, (value, _row, column, type) => {
        fields.push(`${names[column]}:${JSON.stringify(cellValue(value, type))}`)
      })
      yield `{${fields.join(',')}}`
    }
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
