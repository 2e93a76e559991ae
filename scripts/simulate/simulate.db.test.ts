import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { runSimulation, shortSettings } from './run-simulation'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('with workers busy for most of their time and dying now and then: nothing starves, no p99 wait is above a tenth of the frequency, there is no herd at the full hour, and a sync costs a bounded number of statements', async () => {
  const bars = await runSimulation(database.url, shortSettings, () => {})
  expect(bars.length).toBeGreaterThan(0)
  expect(bars.filter((bar) => !bar.isMet)).toEqual([])
}, 180_000)
