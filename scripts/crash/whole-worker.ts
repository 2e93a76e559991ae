import { limits } from '@/lib/core/limits'
import { openDatabase } from '@/lib/db/open-database'
import { Worker } from '@/worker/worker'
import { Order } from './orders'
import { setLimits } from './rig-limits'

/** A worker as `worker/main.ts` starts it, with all its loops; it looks for dead ones more often, so that nobody has to wait for that. */
export async function runWorker(settings: string): Promise<void> {
  setLimits(Order.shape.limits.parse(JSON.parse(settings)))
  Object.assign(limits, { takeOverEverySeconds: 1 })
  const ending = new Promise((resolve) => process.once('SIGTERM', resolve))
  const database = await openDatabase()
  const worker = new Worker()
  await worker.start()
  await ending
  await worker.stop()
  await database.close()
  process.exit(0)
}
