import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setEnv } from '@/lib/core/env'
import { toErrorView } from '@/lib/core/errors'
import { databaseUrl, prisma } from '@/lib/db/client'
import { openEngine } from '@/lib/warehouse/duckdb'
import { doWork } from './do-work'
import { Order, type Said } from './orders'
import { setLimits } from './rig-limits'
import { Stops } from './stops'

/** Past the queue of the stream: a process that dies right afterwards has said it. */
function say(said: Said): void {
  writeSync(1, `${JSON.stringify(said)}\n`)
}

/** A process that waits for orders with everything loaded, does one after the other, and is stopped in the middle. */
export async function runHand(): Promise<void> {
  let how: Order['how'] = 'killed'
  const stops = new Stops(() => new URL(databaseUrl()).pathname.slice(1), () => {
    say({ is: 'stopped' })
    process.kill(process.pid, how === 'killed' ? 'SIGKILL' : 'SIGSTOP')
  })
  // what a worker has done long before: its first connection, and the engine's first instance
  await prisma().$queryRaw`SELECT 1`
  await (await openEngine(new AbortController().signal)).close()
  say({ is: 'ready' })
  // Ctrl-C reaches every process; the one that was started ends the others in order
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  for await (const line of createInterface({ input: process.stdin })) {
    const order = Order.parse(JSON.parse(line))
    setEnv({ TRIBUTARY_DATA: order.data, DATABASE_URL: order.databaseUrl })
    setLimits(order.limits)
    how = order.how
    stops.arm(order.point)
    const said = await doWork(order.work).then((result): Said => ({ is: 'done', result }), (error: unknown): Said => ({ is: 'failed', failure: toErrorView(error) }))
    stops.arm(null)
    say(said)
  }
  process.exit(0)
}
