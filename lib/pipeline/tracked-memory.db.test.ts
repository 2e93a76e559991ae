import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { claimedRun, makeSchema, type Schema } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const MB = 1024 * 1024
/** A coarse ceiling: the engine has 200 MB of it, the rest is the runtime. */
const MOST_BYTES = 700 * MB

const Answer = z.object({ peakBytes: z.number(), report: z.object({ inserted: z.number(), updated: z.number(), deleted: z.number(), rows: z.number() }) })

async function syncInChild(schema: Schema, order: { rows: number; every: number; version: number; isListingDue?: boolean }): Promise<z.infer<typeof Answer>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/tracked-memory-child.ts', JSON.stringify({ schema, run: await claimedRun(schema), ...order })])
  return Answer.parse(JSON.parse(stdout))
}

/** The most memory of a process that merges a fifth of a table into it, and of one that compares all of it. */
async function peakOf(rows: number): Promise<number> {
  const schema = await makeSchema()
  expect((await syncInChild(schema, { rows, every: 1, version: 1 })).report).toMatchObject({ inserted: rows, rows })
  const merged = await syncInChild(schema, { rows: rows / 5, every: 5, version: 2 })
  expect(merged.report).toMatchObject({ inserted: 0, updated: rows / 5, deleted: 0, rows })
  const listed = await syncInChild(schema, { rows, every: 1, version: 1, isListingDue: true })
  expect(listed.report).toMatchObject({ inserted: 0, updated: rows / 5, deleted: 0, rows })
  return Math.max(merged.peakBytes, listed.peakBytes)
}

it('a merge into a table four times as big takes hardly more memory', async () => {
  const small = await peakOf(250_000)
  const big = await peakOf(1_000_000)
  expect(big).toBeLessThan(MOST_BYTES)
  expect(big - small).toBeLessThan(220 * MB)
}, 300_000)
