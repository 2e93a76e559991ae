import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import type { StageFormat } from '@/lib/warehouse/stage-file'
import { Stager } from './stage'

let engine: Engine
let scratch: Scratch

beforeAll(async () => {
  engine = await openEngine(new AbortController().signal)
  scratch = await makeScratch(newId())
})
afterAll(async () => {
  await engine.close()
  await scratch.remove()
})

const column = (fieldId: number, name: string, type: string) => ({ fieldId, name, sourceName: name, sourceType: '', type, isPresent: true })
const format: StageFormat = {
  columns: [{ source: { name: 'id', sourceType: '', type: 'INTEGER', encoding: 'plain', nullable: false }, target: column(1, 'id', 'INTEGER') }],
  dropped: [],
  syncedAt: { column: column(2, '_synced_at', 'TIMESTAMPTZ'), value: '2026-01-01T00:00:00.000Z' },
  runId: { column: column(3, '_run_id', 'VARCHAR'), value: 'run' },
}

const batchOf = (...ids: number[]) => ({ bytes: Buffer.from(ids.map((id) => `${id}\n`).join('')), rows: ids.length })

test('what a lane has filled of parts that are not at their end is taken back, files that are staged too; what it settled, and what others filled, stays', async () => {
  const stager = new Stager(engine, scratch, format, () => undefined)
  await stager.add(batchOf(1, 2), { lane: 1 })
  await stager.hand(1)
  stager.afterwards(async () => stager.settle(1))
  // a part that is longer than a file
  await stager.add(batchOf(3), { lane: 1 })
  await stager.hand(1)
  await stager.add(batchOf(4), { lane: 1 })
  await stager.add(batchOf(5), { lane: 2 })
  await stager.drop(1)
  await stager.finish()
  expect(stager.files.map(({ rows }) => rows)).toEqual([2, 1])
  expect(await engine.rows(`SELECT id FROM read_parquet([${stager.files.map((file) => `'${file.path}'`).join(', ')}]) ORDER BY id`)).toEqual([[1], [2], [5]])
  expect((await readdir(scratch.folder)).sort()).toEqual(stager.files.map((file) => path.basename(file.path)).sort())
})
