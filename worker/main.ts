import { env } from '@/lib/core/env'
import { toErrorView, toSentence } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { openMetrics } from '@/lib/core/metrics'
import { closeTracing, openTracing } from '@/lib/core/traces'
import { openDatabase } from '@/lib/db/open-database'
import { serveStatus } from './serve-status'
import { Worker } from './worker'

/** The embedded worker: takes jobs until it is asked to end, then lets go of its runs and exits with 0. */
async function main(): Promise<void> {
  const log = logger('worker')
  const ending = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  })
  const database = await openDatabase((words) => log.info(words))
  const { HOST, WORKER_PORT } = env()
  if (WORKER_PORT) await openMetrics()
  await openTracing()
  const worker = new Worker()
  const closeStatus = WORKER_PORT ? await serveStatus(worker, HOST, WORKER_PORT) : undefined
  try {
    await worker.start()
    log.info({ signal: await ending }, 'ending: no new runs, those that are on are let go')
    await worker.stop()
  } finally {
    await Promise.all([closeTracing(), closeStatus?.()])
    await database.close()
  }
  log.info('ended')
}

main().then(
  // Whatever still holds a socket by now must not keep the process.
  () => process.exit(0),
  (error: unknown) => {
    logger('worker').fatal({ err: error }, toSentence(toErrorView(error)))
    process.exit(1)
  },
)
