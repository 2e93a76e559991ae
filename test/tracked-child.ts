import { z } from 'zod'
import { disconnect } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { jobFor } from './sync-room'
import { trackedShop } from './tracked-shop'

/** A process that syncs the tracked shop and dies on the way: so long after a step began, at a batch, or when so many checkpoints were saved. */
const DieAt = z.union([z.object({ step: z.string(), afterMs: z.number() }), z.object({ batch: z.number() }), z.object({ checkpoint: z.number() })])
export const TrackedOrder = z.object({
  schema: z.object({ workspaceId: z.string(), sourceId: z.string(), schemaId: z.string() }),
  run: z.object({ runId: z.string(), fence: z.number() }),
  isListingDue: z.boolean(),
  dieAt: DieAt,
})
export type TrackedOrder = z.infer<typeof TrackedOrder>

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

async function main({ schema, run, isListingDue, dieAt }: TrackedOrder): Promise<void> {
  const source = trackedShop(true)
  source.onBatch = (number) => {
    if ('batch' in dieAt && dieAt.batch === number) die()
  }
  let checkpoints = 0
  await runPipeline(jobFor(schema, run, source, {
    method: 'incremental',
    isListingDue,
    checkpointSeconds: 0,
    log: (_, message) => {
      if ('checkpoint' in dieAt && message.startsWith('The read can go on') && ++checkpoints === dieAt.checkpoint) die()
    },
    onProgress: ({ step }) => {
      if ('step' in dieAt && dieAt.step === step) setTimeout(die, dieAt.afterMs)
    },
  }))
  await disconnect()
}

if (process.argv[2]) await main(TrackedOrder.parse(JSON.parse(process.argv[2])))
