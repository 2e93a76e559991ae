import { createHash, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/core/env'
import { openMetrics, type Metrics } from '@/lib/core/metrics'
import { queueLoad } from '@/lib/db/queue-load'

const WITHIN_MS = 1_500
/** Of the queue; the rest is counted here and costs nothing to tell. */
const KEPT_MS = 5_000

// Next bundles this module more than once; one look serves them all.
const holder = globalThis as unknown as { tributaryQueueLook?: { atMs: number; done: Promise<void> } }

/** The metrics of this process and of the queue, in the format of Prometheus. They are told without the queue while the database is away. */
export async function metricsText(): Promise<{ text: string; contentType: string }> {
  const metrics = await openMetrics()
  const last = holder.tributaryQueueLook
  const look = last && performance.now() - last.atMs < KEPT_MS ? last : (holder.tributaryQueueLook = { atMs: performance.now(), done: lookAtQueue(metrics) })
  await look.done
  return { text: await metrics.registry.metrics(), contentType: metrics.registry.contentType }
}

async function lookAtQueue({ databaseUp, queueDue, queueOldest, queueRunning }: Metrics): Promise<void> {
  try {
    const load = await queueLoad(WITHIN_MS)
    databaseUp.set(1)
    queueDue.set(load.dueRuns)
    queueOldest.set(load.oldestDueSeconds)
    queueRunning.set(load.runningRuns)
  } catch {
    // a number from before would be taken for the present one
    databaseUp.set(0)
    for (const gauge of [queueDue, queueOldest, queueRunning]) gauge.remove()
  }
}

/** Does the request carry the token of METRICS_TOKEN? How long the comparison takes tells nothing of it. */
export function hasMetricsToken(authorization: string | null | undefined): boolean {
  const { METRICS_TOKEN } = env()
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  return METRICS_TOKEN !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(METRICS_TOKEN))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
