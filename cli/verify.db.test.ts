import { afterAll, beforeAll, expect, test } from 'vitest'
import { prisma } from '@/lib/db/client'
import type { CommandLine } from '@/test/command-line'
import { openCommandLineRoom, type CommandLineRoom } from '@/test/command-line-room'

let room: CommandLineRoom
let commandLine: CommandLine

beforeAll(async () => {
  room = await openCommandLineRoom(`
    CREATE TABLE orders (id int PRIMARY KEY, note text, changed int); INSERT INTO orders SELECT n, 'note ' || n, n FROM generate_series(1, 900) n;
    CREATE TABLE whole (id int PRIMARY KEY, note text); INSERT INTO whole SELECT n, 'note ' || n FROM generate_series(1, 900) n;
    CREATE VIEW seen AS SELECT * FROM whole`)
  commandLine = room.commandLine
  await commandLine.run('link', 'postgres', '--config', 'config.json', '--name', 'shop', '--schemas', 'orders,whole,seen', '--method', 'orders=incremental:changed', '--method', 'whole=full', '--method', 'seen=full')
  await commandLine.run('sync', 'shop')
}, 120_000)
afterAll(() => room.close(), 120_000)

interface Verified {
  outcome: string
  rows: number
  differences: { gone: number; missing: number; different: number } | null
  reconciled: { deleted: number; fetched: number } | null
  shown: { rows: { kind: string; source: string[] | null; ours: string[] | null }[] }
}

const verify = (...args: string[]) => commandLine.json<Verified>('verify', ...args)

test('a first sync is proven by itself, and an incremental table of a database is compared daily unless somebody says otherwise', async () => {
  const schemas = await prisma().sourceSchema.findMany({ orderBy: { name: 'asc' }, include: { proof: true } })
  expect(schemas.map(({ name, reconcileFrequency, proof }) => [name, reconcileFrequency, proof?.outcome])).toEqual([['orders', 'day', 'verified'], ['seen', null, undefined], ['whole', 'day', 'verified']])
}, 120_000)

test('verify names what differs and changes nothing; --repair brings it in line; the exit code says whether they agree', async () => {
  await commandLine.run('set', 'shop', '--schema', 'orders', '--listing', 'off', '--proof', 'off')
  await room.run(`DELETE FROM orders WHERE id = 5; UPDATE orders SET note = 'quiet' WHERE id = 6; INSERT INTO orders VALUES (5000, 'late', 1)`)
  expect(await commandLine.run('sync', 'shop', '--schema', 'orders')).toMatchObject({ code: 0 })
  const told = await verify('postgres_orders')
  expect(told).toMatchObject({ code: 1, document: { outcome: 'differs', rows: 900, differences: { gone: 1, missing: 1, different: 1 }, reconciled: null } })
  expect(told.document.shown.rows).toEqual([
    { kind: 'gone', source: null, ours: ['5', 'note 5', '5'] },
    { kind: 'different', source: ['6', 'quiet', '6'], ours: ['6', 'note 6', '6'] },
    { kind: 'missing', source: ['5000', 'late', '1'], ours: null },
  ])
  const words = await commandLine.run('verify', 'postgres_orders')
  expect(words.out).toContain('postgres_orders differs from its source: 1 row gone at the source, 1 row missing here, 1 row with other values')
  expect(words.out).toContain('tributary verify postgres_orders --repair')
  // a later sync that is not compared brings a new row, and the old difference is as loud as before
  await room.run(`INSERT INTO orders VALUES (5001, 'new', 5001)`)
  const synced = await commandLine.json<{ status: string; version: number }[]>('sync', 'shop', '--schema', 'orders')
  expect(synced).toMatchObject({ code: 4, document: [{ status: 'completed', isChanged: true, proof: null }], err: expect.stringContaining('postgres_orders differs from its source: 1 row gone at the source, 1 row missing here, 1 row with other values') })
  const status = await commandLine.run('status', 'shop')
  expect(status.out).toMatch(/^shop \(postgres, .*\): differs from its source$/m)
  expect(status.out).toMatch(/^ {2}orders differs from its source: 1 row gone at the source.* Look at the rows with: tributary verify postgres_orders/m)
  expect(status.out).toMatch(/^ {2}whole .* verified .* ago, 900 rows, \d+ ranges?|^ {2}whole .* verified just now, 900 rows, \d+ ranges?/m)
  expect(await commandLine.json('status', 'shop')).toMatchObject({ document: [{ status: 'differs', schemas: [{ schema: 'orders', status: 'differs', proof: { outcome: 'differs', isPast: true } }, {}, {}] }] })
  expect(await verify('postgres_orders', '--repair')).toMatchObject({ code: 0, document: { outcome: 'verified', reconciled: { deleted: 1, fetched: 2 } } })
  expect(await verify('postgres_orders')).toMatchObject({ code: 0, document: { outcome: 'verified', differences: null } })
  expect(await commandLine.json('sync', 'shop', '--schema', 'orders')).toMatchObject({ code: 0 })
}, 240_000)

test('a full table is repaired by fetching what differs alone, not by reading everything', async () => {
  await room.run(`DELETE FROM whole WHERE id = 9; UPDATE whole SET note = NULL WHERE id = 10`)
  const { document } = await commandLine.json<Verified>('verify', 'postgres_whole', '--repair')
  expect(document).toMatchObject({ outcome: 'verified', reconciled: { deleted: 1, fetched: 1 } })
  const run = await prisma().syncRun.findFirstOrThrow({ orderBy: { queuedAt: 'desc' } })
  expect(run.report).toMatchObject({ rowsRead: 0, deleted: 1, updated: 1, rows: 899, fullReason: null })
}, 120_000)

test('what cannot be compared is refused in words', async () => {
  expect(await verify('postgres_seen')).toMatchObject({ code: 1, document: { error: { title: 'seen cannot be compared with its source' } } })
  const { err } = await commandLine.run('set', 'shop', '--schema', 'seen', '--method', 'full', '--listing', 'daily')
  expect(err).toContain('A view has no rows of its own to compare')
}, 120_000)
