import { z } from 'zod'
import type { RowsBatch } from '@/lib/connectors/contract'
import { disconnect } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { jobFor } from './sync-room'
import { TrackedSource } from './tracked-source'

/** A process that reads so many made-up objects, as everything or as changes; prints the most memory it ever had, in bytes, and its report. */
const Order = z.object({
  schema: z.object({ workspaceId: z.string(), sourceId: z.string(), schemaId: z.string() }),
  run: z.object({ runId: z.string(), fence: z.number() }),
  rows: z.number(),
  /** Every nth row of the table, beginning anywhere, as if drawn by lot. */
  every: z.number(),
  version: z.number(),
  isListingDue: z.boolean().default(false),
})
const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'))
const PER_BATCH = 1_000

/** Not in the order of the keys, as touched rows come. */
function objectOf(number: number): Record<string, unknown> {
  const scattered = (number * 7_919) % order.rows
  const id = scattered * order.every
  return { id: `obj_${(id * 2_654_435_761) % 4_294_967_296}_${id}`, parent: `p_${id % 1000}`, amount: id, at: 1_700_000_000 + id, flag: id % 2 === 0, data: { version: order.version, id }, text: `a text of this row that is neither long nor short, number ${id}` }
}

async function* read(): AsyncGenerator<RowsBatch> {
  for (let at = 0; at < order.rows; at += PER_BATCH) {
    const rows = Array.from({ length: Math.min(PER_BATCH, order.rows - at) }, (_, index) => objectOf(at + index))
    yield { kind: 'rows', rows, removals: [], bookmark: { at }, bytes: 0 }
  }
  yield { kind: 'rows', rows: [], removals: [], bookmark: { at: order.rows }, bytes: 0 }
}

const source = new TrackedSource()
const report = await runPipeline(jobFor(order.schema, order.run, source, { method: 'incremental', isListingDue: order.isListingDue, connector: { ...source.connector, read } }))
await disconnect()
process.stdout.write(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, report }))
