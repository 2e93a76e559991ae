import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { deletionVectorOf } from '../deletion-vector-sql'
import { objectStore } from '../object-store'
import { scanSql } from '../scan-sql'
import type { TableSnapshot } from '../version'
import { findDeletionVector, makeDeletionVector, renewDeletionVector } from './deletion-vectors'
import { publishForTest, type TestTable } from './publish-for-test'
import { coolDownQueries, warmUpQueries } from './query-queue'
import { runReadOnly } from './run-read-only'
import type { NamedTable } from './types'

const MILLION = 1_000_000
const COLUMNS = { id: 'BIGINT', grp: 'INTEGER', text: 'VARCHAR' }
const filled = (rows: number, from = 0) => `SELECT range + ${from} AS id, (range * 7919 % 97)::INTEGER AS grp, 'row ' || range AS text FROM range(${rows})`

const table = (given: Partial<TestTable>) => publishForTest({ name: `shop_t${newId().replaceAll('-', '')}`, columns: COLUMNS, files: [], ...given })
const folder = () => path.join(dataFolder(), 'vectors')
const vectors = () => readdirSync(folder())

afterAll(() => coolDownQueries())

describe('a scan by a deletion vector', () => {
  let engine: DuckDBConnection
  beforeAll(async () => {
    engine = await (await DuckDBInstance.create(':memory:')).connect()
  })
  afterAll(() => engine.closeSync())

  const answer = async (sql: string) => (await engine.runAndReadAll(sql)).getRowsJson()
  async function scans({ snapshot }: NamedTable): Promise<{ plain: string; vector: string }> {
    await makeDeletionVector(snapshot)
    const localPath = await objectStore().hold([...snapshot.dataFiles, ...snapshot.deleteFiles], dataFolder())
    const found = await findDeletionVector(snapshot)
    if (!found) throw new Error('there is no vector')
    const [plain, vector] = [scanSql(snapshot, localPath), scanSql(snapshot, localPath, found)]
    expect(plain).toContain('ANTI JOIN')
    expect(vector).not.toContain('ANTI JOIN')
    return { plain: `(${plain})`, vector: `(${vector})` }
  }

  it('gives the rows that the delete files leave, at the ends of words and of files, under any filter', async () => {
    const random = randomOf(20261129)
    const sizes = [MILLION, 64, 63, 65, 1, 128, 100_000]
    const deleted = Object.fromEntries(sizes.map((size, file) => [file, [...new Set([0, size - 1, Math.min(63, size - 1), Math.min(64, size - 1), ...Array.from({ length: 3_000 }, () => Math.floor(random() * size))])]]))
    const { plain, vector } = await scans(await table({ files: sizes.map((size, file) => filled(size, file * MILLION)), deleted }))
    const whole = (from: string) => `SELECT count(*), sum(id), bit_xor(hash(id, grp, text)) FROM ${from}`
    expect(await answer(whole(vector))).toEqual(await answer(whole(plain)))
    for (let round = 0; round < 40; round++) {
      const id = Math.floor(random() * 7 * MILLION)
      const filter = [`id >= ${id}`, `id BETWEEN ${id} AND ${id + 500}`, `id = ${id}`, `id < ${id} AND grp = ${round}`, `id IN (${id}, 63, 64, 6000000)`, `text = 'row ${round}'`][round % 6]
      expect([filter, await answer(`${whole(vector)} WHERE ${filter}`)]).toEqual([filter, await answer(`${whole(plain)} WHERE ${filter}`)])
      const first = (from: string) => `SELECT * FROM ${from} WHERE ${filter} ORDER BY grp, id LIMIT 20`
      expect([filter, await answer(first(vector))]).toEqual([filter, await answer(first(plain))])
    }
    const joined = (from: string) => `SELECT a.grp, count(*) FROM ${from} AS a JOIN ${from} AS b ON a.id = b.id + 1 GROUP BY ALL ORDER BY ALL`
    expect(await answer(joined(vector))).toEqual(await answer(joined(plain)))
  })
})

describe('deletion vectors', () => {
  it('are for many rows, of which some are deleted, in files that have the columns of their version', async () => {
    const of = async (given: Partial<TestTable>) => deletionVectorOf((await table(given)).snapshot)
    expect(await of({ files: [filled(MILLION), filled(10)], deleted: { 0: [1] } })).toEqual({ stride: 16_384, words: 15_626 })
    expect(await of({ files: [filled(MILLION)] })).toBeNull()
    expect(await of({ files: [filled(MILLION - 1)], deleted: { 0: [1] } })).toBeNull()
    expect(await of({ files: [`SELECT range AS "File_Index" FROM range(${MILLION})`], columns: { File_Index: 'BIGINT' }, deleted: { 0: [1] } })).toBeNull()
    const { snapshot } = await table({ files: [filled(MILLION)], deleted: { 0: [1] } })
    expect(deletionVectorOf({ ...snapshot, dataFiles: Array.from({ length: 65 }, () => snapshot.dataFiles[0]).flatMap((file) => file ?? []) })).toBeNull()
    expect(deletionVectorOf({ ...snapshot, dataFiles: snapshot.dataFiles.map((file) => ({ ...file, layout: { object: null, columns: [] } })) })).toBeNull()
  })

  it('are made behind the first query of a version, and serve the next ones with the same rows', async () => {
    rmSync(folder(), { recursive: true, force: true })
    warmUpQueries()
    const mine = await table({ files: [filled(MILLION), filled(500, MILLION)], deleted: { 0: [0, 63, 64, 999_999], 1: [499] } })
    const sql = `SELECT count(*), sum(id), min(id) FROM ${mine.name}`
    const before = await runReadOnly([mine], sql, { rowLimit: 1 })
    await makeDeletionVector(mine.snapshot) // it is on its way: waits for it
    expect(vectors()).toHaveLength(1)
    expect((await runReadOnly([mine], sql, { rowLimit: 1 })).rows).toEqual(before.rows)
    const plan = await runReadOnly([mine], `EXPLAIN ${sql}`, { rowLimit: 100 })
    expect(JSON.stringify(plan.rows)).toContain('file_index')
    expect(before.rows).toEqual([[String(MILLION + 495), expect.any(String), '1']])
  })

  it('go a day after they were last used, and another one is made', async () => {
    const [first, second] = [await table({ files: [filled(MILLION)], deleted: { 0: [1] } }), await table({ files: [filled(MILLION)], deleted: { 0: [2] } })]
    await makeDeletionVector(first.snapshot)
    const old = new Date(Date.now() - 25 * 3_600_000)
    for (const name of vectors()) utimesSync(path.join(folder(), name), old, old)
    await findDeletionVector(first.snapshot)
    await makeDeletionVector(second.snapshot)
    expect(vectors()).toHaveLength(2)
    for (const name of vectors()) utimesSync(path.join(folder(), name), old, old)
    await makeDeletionVector((await table({ files: [filled(MILLION)], deleted: { 0: [3] } })).snapshot)
    expect(await findDeletionVector(first.snapshot)).toBeNull()
    expect(vectors()).toHaveLength(1)
  })

  it('are renewed with those that they follow, and go with them', async () => {
    const schemaId = newId()
    const next = async (row: number) => (await table({ schemaId, files: [filled(MILLION)], deleted: { 0: [row] } })).snapshot
    const [first, second, third] = [await next(1), await next(2), await next(3)]
    await renewDeletionVector(schemaId, async () => first)
    expect(await findDeletionVector(first)).toBeNull()
    await makeDeletionVector(first)
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)
    const lastUse = new Date(Math.floor(hoursAgo(23).getTime() / 1000) * 1000)
    for (const name of vectors()) utimesSync(path.join(folder(), name), lastUse, lastUse)
    await renewDeletionVector(schemaId, async () => second)
    const made = vectors().filter((name) => name.startsWith(schemaId))
    expect(made.map((name) => Math.round(statSync(path.join(folder(), name)).mtimeMs))).toEqual([lastUse.getTime(), lastUse.getTime()])
    await renewDeletionVector(schemaId, async () => second) // as a sync with nothing new does
    expect(made.map((name) => Math.round(statSync(path.join(folder(), name)).mtimeMs))).toEqual([lastUse.getTime(), lastUse.getTime()])
    for (const name of made) utimesSync(path.join(folder(), name), hoursAgo(25), hoursAgo(25))
    await renewDeletionVector(schemaId, async () => third)
    expect(await findDeletionVector(third)).toBeNull()
    await expect(renewDeletionVector(schemaId, () => Promise.reject(new Error('the database is away')))).resolves.toBeUndefined()
  })

  it('are not made of delete files that name other rows than a version lacks, and its queries go on without', async () => {
    const { snapshot, ...names } = await table({ files: [filled(MILLION)], deleted: { 0: [1, 2, 3] } })
    const wrong: TableSnapshot = { ...snapshot, rows: snapshot.rows - 1 }
    await expect(makeDeletionVector(wrong)).rejects.toThrow(/do not name as many rows/)
    expect(await findDeletionVector(wrong)).toBeNull()
    expect((await runReadOnly([{ ...names, snapshot: wrong }], `SELECT count(*) FROM ${names.name}`, { rowLimit: 1 })).rows).toEqual([[String(MILLION - 3)]])
  })
})

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
