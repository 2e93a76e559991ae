import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import type { ChildReply, RowsWork } from '../messages'
import type { CellValue, ResultColumn } from '../types'
import { bytesReadSoFar } from './bytes-read'
import { cellBytes, cellValue } from './cell-value'
import { Refusal } from './engine-failure'
import { requireReadOnly, type Judgement } from './judge'
import type { Sandbox } from './sandbox'

type Send = (reply: ChildReply) => Promise<void>

/** How much is sent in one message: enough to be fast, little enough to wait for. */
const MESSAGE_BYTES = 512 * 1024

/** Run the judged statement and send its rows as they come; ends early at the row or the size limit. */
export async function sendRows(sandbox: Sandbox, judged: Judgement, work: RowsWork, send: Send): Promise<void> {
  const bytesBefore = bytesReadSoFar()
  const result = await startStream(sandbox, judged)
  await send({ kind: 'columns', columns: columnsOf(result) })
  const outbox = new Outbox(work, send)
  while (!outbox.isFull) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    await outbox.add(chunk)
  }
  await outbox.flush()
  const bytesAfter = bytesReadSoFar()
  await send({ kind: 'done', rows: outbox.count, isTruncated: outbox.isFull, bytesRead: bytesBefore === null || bytesAfter === null ? null : bytesAfter - bytesBefore })
}

/** The statement, judged once more by its prepared form, as a stream of chunks. */
export async function startStream({ connection }: Sandbox, judged: Judgement): Promise<DuckDBResult> {
  const extracted = await connection.extractStatements(judged.sql)
  if (extracted.count !== 1) throw new Refusal('many', 'One statement is run at a time')
  const prepared = await extracted.prepare(0)
  requireReadOnly(prepared.statementType)
  if (prepared.parameterCount > 0) throw new Refusal('parameters', 'The query has parameters ($1, ?), which have no values here')
  return prepared.stream()
}

export function columnsOf(result: DuckDBResult): ResultColumn[] {
  return result.columnNames().map((name, index) => ({ name, type: result.columnType(index).toString() }))
}

/** Rows on their way to the parent, in messages of a bounded size. */
class Outbox {
  count = 0
  /** There was a row that no longer fits. */
  isFull = false
  private rows: CellValue[][] = []
  private pendingBytes = 0
  private totalBytes = 0
  private readonly work: RowsWork
  private readonly send: Send

  constructor(work: RowsWork, send: Send) {
    this.work = work
    this.send = send
  }

  async add(chunk: DuckDBDataChunk): Promise<void> {
    for (let index = 0; index < chunk.rowCount && !this.isFull; index++) {
      if (this.count >= this.work.rowLimit) {
        this.isFull = true
        return
      }
      await this.addRow(chunk, index)
    }
  }

  async flush(): Promise<void> {
    if (this.rows.length === 0) return
    const rows = this.rows
    this.rows = []
    this.pendingBytes = 0
    await this.send({ kind: 'rows', rows })
  }

  private async addRow(chunk: DuckDBDataChunk, index: number): Promise<void> {
    const row: CellValue[] = []
    let bytes = 2
    chunk.visitRowValues(index, (value, _row, _column, type) => {
      const cell = cellValue(value, type)
      bytes += cellBytes(cell)
      if (bytes > this.work.bytesLimit) throw new Refusal('size', 'A row is larger than a result may be')
      row.push(cell)
    })
    if (this.totalBytes + bytes > this.work.bytesLimit) {
      this.isFull = true
      return
    }
    this.rows.push(row)
    this.count++
    this.totalBytes += bytes
    this.pendingBytes += bytes
    if (this.pendingBytes > MESSAGE_BYTES) await this.flush()
  }
}
