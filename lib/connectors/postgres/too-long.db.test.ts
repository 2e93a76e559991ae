import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import type { SourceColumn } from '../contract'
import { readPostgres } from './read-postgres'

const MB = 1024 * 1024

let room: SourceRoom
beforeAll(async () => {
  room = await openSourceRoom()
})
afterAll(() => room.close())

async function read(table: string, only?: string[]): Promise<number> {
  const { discovered } = await room.table(table)
  const columns = discovered.columns.filter(({ name }: SourceColumn) => !only || only.includes(name))
  let rows = 0
  for await (const batch of readPostgres(room.config, { location: discovered.location, columns, batchBytes: MB }, new AbortController().signal)) rows += batch.rows
  return rows
}

test('a row that is too long is refused before its bytes are here, and the words name its table, its key and the column', async () => {
  await room.run(`CREATE TABLE letters (id int, part text, note text, body text, PRIMARY KEY (id, part)); INSERT INTO letters SELECT n, 'p', 'short', 'short' FROM generate_series(1, 100) n; UPDATE letters SET body = repeat('x', 60000000), note = repeat('y', 1000) WHERE id = 77`)
  const before = process.memoryUsage().arrayBuffers
  await expect(read('letters')).rejects.toMatchObject({
    code: 'source',
    title: 'A row of letters is too long to be synced',
    detail: 'It has 60 MB, and a row may have 41.9 MB. Most of it is body, with 60 MB, where id = 77 and part = p',
    advice: 'Leave the column body out of the sync, or shorten the value at the source',
    isRetryable: false,
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * MB)
  expect(await read('letters', ['id', 'part', 'note'])).toBe(100)
})

test('of bytes the text is counted, which has two digits for each', async () => {
  await room.run(`CREATE TABLE pictures (id int PRIMARY KEY, picture bytea, tags jsonb); INSERT INTO pictures VALUES (1, 'x', '{}'), (2, convert_to(repeat('x', 25000000), 'UTF8'), '{}')`)
  await expect(read('pictures')).rejects.toMatchObject({ detail: 'It has 50 MB, and a row may have 41.9 MB. Most of it is picture, with 50 MB, where id = 2' })
})

test('a row of some megabytes passes, and so does a table without a key up to its long row', async () => {
  await room.run(`CREATE TABLE logs (line text); INSERT INTO logs VALUES (repeat('x', 30000000))`)
  expect(await read('logs')).toBe(1)
  await room.run(`INSERT INTO logs VALUES (repeat('x', 50000000))`)
  await expect(read('logs')).rejects.toMatchObject({ title: 'A row of logs is too long to be synced', detail: 'It has 50 MB, and a row may have 41.9 MB. Most of it is line, with 50 MB' })
})

test('what its own server cannot send is told in the same words', async () => {
  await room.run(`CREATE TABLE films (id int PRIMARY KEY, film bytea, title text); ALTER TABLE films ALTER film SET STORAGE EXTERNAL; INSERT INTO films VALUES (3, convert_to(repeat('x', 540000000), 'UTF8'), 'long')`)
  await expect(read('films')).rejects.toMatchObject({ title: 'A row of films is too long to be synced', detail: 'Its server cannot send it: a row as text may have 1 GB. Most of it is film, with 1.1 GB, where id = 3' })
}, 120_000)
