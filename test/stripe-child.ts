import { z } from 'zod'
import { stripe } from '@/lib/connectors/stripe/connector'
import { disconnect } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { jobFor } from './sync-room'

/** What a process is told that syncs a schema of Stripe, with a checkpoint after each page. */
export const StripeOrder = z.object({
  schema: z.object({ workspaceId: z.string(), sourceId: z.string(), schemaId: z.string() }),
  run: z.object({ runId: z.string(), fence: z.number() }),
  name: z.string(),
  config: z.record(z.string(), z.string()),
})
export type StripeOrder = z.infer<typeof StripeOrder>

/** What a job needs to know of a schema of Stripe, in place of a source of the tests. */
export function stripeSource(name: string) {
  const discovered = stripe.describe({ schema: name })
  if (!discovered) throw new Error(`Stripe has no list named ${name}`)
  return { connector: stripe, discovered, primaryKey: discovered.primaryKey }
}

async function main({ schema, run, name, config }: StripeOrder): Promise<void> {
  await runPipeline(jobFor(schema, run, stripeSource(name), { method: 'incremental', config: stripe.config.parse(config), checkpointSeconds: 0 }))
  await disconnect()
}

if (process.argv[2]) await main(StripeOrder.parse(JSON.parse(process.argv[2])))
