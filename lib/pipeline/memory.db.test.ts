import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { claimedRun, makeSchema, snapshotOf } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const MB = 1024 * 1024
/** A coarse ceiling; bench/ measures the real one with the real connector. */
const MOST_BYTES = 500 * MB

async function peakOf(rows: number): Promise<number> {
  const schema = await makeSchema()
  const run = await claimedRun(schema)
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/memory-child.ts', JSON.stringify({ schema, run, rows })])
  expect((await snapshotOf(schema)).rows).toBe(rows)
  return Number(stdout)
}

it('a table five times as big takes no more memory', async () => {
  const small = await peakOf(500_000)
  const big = await peakOf(2_500_000)
  expect(big).toBeLessThan(MOST_BYTES)
  expect(big - small).toBeLessThan(120 * MB)
}, 180_000)
