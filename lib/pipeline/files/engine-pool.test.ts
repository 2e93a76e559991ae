import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFileEngines, type FileEngines } from '@/lib/warehouse/file-engine/file-engines'
import { EnginePool } from './engine-pool'

let opened: FileEngines
beforeAll(async () => {
  opened = await openFileEngines(2, new AbortController().signal)
})
afterAll(() => opened.close())

/** Holds so many megabytes that cannot go to disk. */
function greedy(megabytes: number): string {
  return `SELECT length(string_agg(repeat('x', 1000), '')) FROM range(${megabytes * 1000})`
}

test('two files that need more memory together than there is are read one after the other', async () => {
  const pool = new EnginePool(opened.engines)
  const read = (address: string) => pool.use(address, (engine) => engine.rows(greedy(130)))
  expect(await Promise.all([read('a'), read('b'), read('c')])).toEqual([[['130000000']], [['130000000']], [['130000000']]])
})

test('a file that needs more memory than there is fails, and the next one is read', async () => {
  const pool = new EnginePool(opened.engines)
  await expect(pool.use('a', (engine) => engine.rows(greedy(500)))).rejects.toMatchObject({ title: 'The sync needs more memory than it may use' })
  expect(await pool.use('b', (engine) => engine.rows('SELECT 1'))).toEqual([[1]])
})

test('texts come whole out of the process that reads files', async () => {
  expect(await new EnginePool(opened.engines).use('a', (engine) => engine.rows(`SELECT '\ufeffa' UNION ALL SELECT column_name FROM (DESCRIBE SELECT 1 AS "\ufeffb") ORDER BY 1`))).toEqual([['\ufeffa'], ['\ufeffb']])
})
