import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AsOf } from '@/lib/core/as-of'
import { formatDuration, formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { exportQuery } from '@/lib/sql-editor/export-query'
import { runQuery } from '@/lib/sql-editor/run-query'
import type { CellValue, ExportFormat, QueryResult } from '@/lib/sql-editor/schema'
import { parseAsOf, sayAsOf } from '../as-of-option'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface QueryOptions {
  format?: 'table' | ExportFormat
  output?: string
  asOf?: string[]
}

interface Question {
  sql: string
  asOf: AsOf | null
}

export async function query(terminal: Terminal, sql: string, options: QueryOptions): Promise<void> {
  const isTerminal = Boolean(process.stdout.isTTY)
  const format = options.format ?? (terminal.isJson || options.output || !isTerminal ? formatOf(options.output) : 'table')
  if (terminal.isJson && format !== 'json' && !options.output) throw new UsageError(`--json and --format ${format} together need --output`)
  if (format === 'table' && options.output) throw new UsageError('--format table is for reading: choose json, csv or parquet for --output')
  if (format === 'parquet' && !options.output && isTerminal) throw new UsageError('--format parquet needs --output, or a pipe')
  const question: Question = { sql, asOf: parseAsOf(options.asOf ?? []) }
  await inWorkspace(terminal, async (workspaceId) => {
    if (format === 'table') return showTable(terminal, workspaceId, question)
    if (options.output) return writeFile(terminal, workspaceId, question, format, options.output)
    // EXPLAIN has no result to export; it is shown as rows all the same.
    if (format === 'json' && /^\s*explain\b/i.test(sql)) return terminal.document(asObjects(await runQuery(workspaceId, { ...question, rowLimit: limits.queryRows }, terminal.signal)))
    await pipeOut(terminal, workspaceId, question, format)
  })
}

/** What a file's name asks for. */
function formatOf(output: string | undefined): ExportFormat {
  const end = path.extname(output ?? '').toLowerCase()
  return end === '.csv' ? 'csv' : end === '.parquet' ? 'parquet' : 'json'
}

async function showTable(terminal: Terminal, workspaceId: string, question: Question): Promise<void> {
  const result = await runQuery(workspaceId, { ...question, rowLimit: limits.queryRows }, terminal.signal)
  const numbers = new Set(result.columns.flatMap(({ type }, index) => (/INT|DECIMAL|DOUBLE|FLOAT/.test(type) ? [index] : [])))
  terminal.write(textTable(result.columns.map((column) => column.name), result.rows.map((row) => row.map(cellText)), numbers))
  terminal.say(`${formatQuantity(result.rows.length, 'row')}${result.isTruncated ? ' of more; --format json, csv or parquet gives all of them' : ''}, ${formatDuration(result.durationMs)}`)
  sayAsOf(terminal, result.asOf)
}

function cellText(value: CellValue): string {
  if (value === null) return 'NULL'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function asObjects({ columns, rows }: QueryResult): Record<string, CellValue>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null])))
}

async function writeFile(terminal: Terminal, workspaceId: string, question: Question, format: ExportFormat, output: string): Promise<void> {
  const { rows, bytes, asOf } = await exportQuery(workspaceId, { ...question, format }, path.resolve(output), terminal.signal)
  terminal.result({ output: path.resolve(output), format, rows, bytes, ...(asOf ? { asOf } : {}) }, () => `${formatQuantity(rows, 'row')} written into ${output}`)
  sayAsOf(terminal, asOf)
}

async function pipeOut(terminal: Terminal, workspaceId: string, question: Question, format: ExportFormat): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-query-'))
  try {
    const file = path.join(folder, 'result')
    const { asOf } = await exportQuery(workspaceId, { ...question, format }, file, terminal.signal)
    await pipeline(createReadStream(file), process.stdout, { end: false })
    terminal.documentIsWritten()
    sayAsOf(terminal, asOf)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
