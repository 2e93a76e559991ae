import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommandLine } from '@/test/command-line'
import { openCommandLineRoom, type CommandLineRoom } from '@/test/command-line-room'

let room: CommandLineRoom
let commandLine: CommandLine

beforeAll(async () => {
  room = await openCommandLineRoom('CREATE TABLE orders (id int PRIMARY KEY, note text); INSERT INTO orders SELECT g, g::text FROM generate_series(1, 2000) g')
  commandLine = room.commandLine
  await commandLine.run('link', 'postgres', '--config', 'config.json', '--name', 'Shop', '--schemas', 'orders')
  await commandLine.run('sync', 'Shop')
}, 120_000)
afterAll(() => room.close(), 120_000)

const TABLE = 'postgres_orders'
const rows = async () => (await commandLine.json<{ n: string }[]>('query', `select count(*) as n from ${TABLE}`)).document[0]?.n

test('a version waits with exit code 3 and words; it is listed, discarded, and published', async () => {
  expect(await commandLine.run('held')).toMatchObject({ code: 0, out: expect.stringContaining('No version waits') })
  await room.run('DELETE FROM orders WHERE id > 500')
  const waiting = await commandLine.run('sync', 'Shop')
  expect(waiting.code).toBe(3)
  expect(waiting.err).toContain(`${TABLE} waits for you: It would lose 1,500 of 2,000 rows (75 %). Decide with: tributary publish ${TABLE}`)
  expect(await commandLine.json('held')).toMatchObject({ code: 0, document: [{ source: 'Shop', schema: 'orders', table: TABLE, reason: 'removed', rowsBefore: 2000, rowsAfter: 500, removed: 1500 }] })
  expect((await commandLine.run('status')).out).toContain('orders waits for you: It would lose 1,500')
  expect(await rows()).toBe('2000')

  expect(await commandLine.run('discard', TABLE)).toMatchObject({ code: 0, out: expect.stringContaining('stays as it was') })
  expect(await commandLine.run('publish', TABLE)).toMatchObject({ code: 1, err: expect.stringContaining('No version of postgres_orders waits for you') })
  expect(await commandLine.json('sync', 'Shop')).toMatchObject({ code: 3, document: [{ status: 'completed', isChanged: false, held: { removed: 1500 } }] })
  expect(await commandLine.json('publish', TABLE)).toMatchObject({ code: 0, document: { table: TABLE, version: 2 } })
  expect(await rows()).toBe('500')
}, 120_000)

test('the brake is set and taken off', async () => {
  for (const wrong of ['0', '101', 'much', '12.5']) expect(await commandLine.run('set', 'Shop', '--schema', 'orders', '--brake', wrong)).toMatchObject({ code: 2, out: '' })
  expect(await commandLine.json('set', 'Shop', '--schema', 'orders', '--brake', '80')).toMatchObject({ document: [{ brakePercent: 80 }] })
  expect(await commandLine.json('set', 'Shop', '--schema', 'orders', '--brake', 'off')).toMatchObject({ document: [{ brakePercent: null }] })
  await room.run('TRUNCATE orders')
  expect(await commandLine.json('set', 'Shop', '--schema', 'orders', '--brake', '30%')).toMatchObject({ document: [{ brakePercent: 30 }] })
  expect(await commandLine.json('sync', 'Shop', '--no-brake')).toMatchObject({ code: 0, document: [{ isChanged: true, held: null, rows: 0 }] })
}, 120_000)
