import { disconnect } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { jobFor, type JobChange, type Schema } from './sync-room'
import { MemorySource, type Row } from './memory-source'
import type { SourceColumn } from '@/lib/connectors/contract'

/** What a process is told that syncs a table and dies on the way. */
export interface ChildOrder {
  schema: Schema
  run: { runId: string; fence: number }
  columns: SourceColumn[]
  primaryKey: string[]
  rows: Row[]
  change: Pick<JobChange, 'method' | 'replicationKey' | 'isFull' | 'brakePercent'>
  /** Dies this long after the step begins or a line of the log does, or when the nth batch is asked for. */
  dieAt: { step: string; afterMs: number } | { line: string; afterMs: number } | { batch: number }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

function dieLater(afterMs: number): void {
  if (afterMs === 0) die()
  else setTimeout(die, afterMs)
}

const order: ChildOrder = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text())
const source = new MemorySource(order.columns)
source.primaryKey = order.primaryKey
source.rows = order.rows
const { dieAt } = order
source.onBatch = (number) => {
  if ('batch' in dieAt && dieAt.batch === number) die()
}
const change: JobChange = {
  ...order.change,
  onProgress: ({ step }) => {
    if ('step' in dieAt && dieAt.step === step) dieLater(dieAt.afterMs)
  },
  log: (_, line) => {
    if ('line' in dieAt && line.startsWith(dieAt.line)) dieLater(dieAt.afterMs)
  },
}
await runPipeline(jobFor(order.schema, order.run, source, change))
await disconnect()
