import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { freshDatabase, type FreshDatabase } from '@/test/database'
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

test('jobs that wait follow one another without a rest, as many at once as there are places', async () => {
  const runIds = Array.from({ length: JOBS }, newId)
  const taken: string[] = []
  let atOnce = 0
  let most = 0
  await driver.send(runIds.map((runId) => ({ runId, rank: 0 })))
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
