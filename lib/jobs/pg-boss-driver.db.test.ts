import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import type { JobRequest } from './jobs-driver'
import { jobsSuite } from './jobs-suite'
import { PgBossDriver } from './pg-boss-driver'

const PLACES = 2
const JOBS = 20

let database: FreshDatabase
const driver = new PgBossDriver()
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await driver.stop()
  await database.drop()
})

const request = (change: Partial<JobRequest> = {}): JobRequest => ({ runId: newId(), workspaceId: newId(), sourceId: newId(), schemaId: newId(), rank: 0, fence: 0, ...change })

/** Everything up to a marker that comes last. */
async function handed(): Promise<string[]> {
  const marker = request({ rank: 1_000 })
  const taken: string[] = []
  await driver.send([marker])
  await new Promise<void>((resolve, reject) => {
    const take = async (runId: string) => void (runId === marker.runId ? resolve() : taken.push(runId))
    driver.work(take, { atOnce: 1 }).catch(reject)
  })
  await driver.stopWork()
  return taken
}

describe('the embedded queue', () => {
  const pass = async (seconds: number) => void (await prisma().$executeRaw`UPDATE pgboss.job SET start_after = start_after - make_interval(secs => ${seconds}) WHERE state = 'created'`)
  jobsSuite(() => ({ driver, request: async () => request(), handed, pass }))
})

test('jobs that wait follow one another without a rest, as many at once as there are places', async () => {
  const runIds = Array.from({ length: JOBS }, newId)
  const taken: string[] = []
  let atOnce = 0
  let most = 0
  await driver.send(runIds.map((runId) => request({ runId })))
  const done = new Promise<void>((resolve, reject) => {
    driver
      .work(async (runId) => {
        most = Math.max(most, ++atOnce)
        await new Promise((next) => setImmediate(next))
        atOnce--
        if (taken.push(runId) === JOBS) resolve()
      }, { atOnce: PLACES })
      .catch(reject)
  })
  // a rest of a second after each job would make ten
  await Promise.race([done, new Promise((_, reject) => setTimeout(() => reject(new Error(`only ${taken.length} jobs were taken`)), 5_000).unref())])
  expect(taken.toSorted()).toEqual(runIds.toSorted())
  expect(most).toBeLessThanOrEqual(PLACES)
}, 30_000)
