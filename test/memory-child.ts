import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { disconnect } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import type { Batch } from '@/lib/connectors/contract'
import { MemorySource, column } from './memory-source'
import { jobFor } from './sync-room'

/** A process that syncs so many made-up rows; prints the most memory it ever had, in bytes. */
const Order = z.object({ schema: z.object({ workspaceId: z.string(), sourceId: z.string(), schemaId: z.string() }), run: z.object({ runId: z.string(), fence: z.number() }), rows: z.number() })
const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'))
const source = new MemorySource([column('id', 'BIGINT'), column('amount', 'DECIMAL(12,2)', { sourceType: 'numeric(12,2)' }), column('at', 'TIMESTAMP'), column('note', 'VARCHAR'), column('more', 'VARCHAR')])

/** One batch is made, and given again and again as a copy: the making must not be what takes the memory. */
const PER_BATCH = 100_000
const batch = Buffer.from(
  Array.from({ length: PER_BATCH }, (_, id) => `${id},${id % 1000}.${10 + (id % 90)},2026-01-01 00:00:${10 + (id % 50)},${randomBytes(16).toString('hex')},customer ${id % 5000} of this shop\n`).join(''),
)

async function* read(): AsyncGenerator<Batch> {
  for (let rows = 0; rows < order.rows; rows += PER_BATCH) yield { kind: 'bytes', bytes: Buffer.from(batch), rows: PER_BATCH }
}

await runPipeline(jobFor(order.schema, order.run, source, { connector: { ...source.connector, read } }))
await disconnect()
process.stdout.write(String(process.resourceUsage().maxRSS * 1024))
