import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommandLine } from '@/test/command-line'
import { openCommandLineRoom, type CommandLineRoom } from '@/test/command-line-room'

let room: CommandLineRoom
let commandLine: CommandLine

beforeAll(async () => {
  room = await openCommandLineRoom(`
    CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(20,4), updated_at timestamptz NOT NULL);
    INSERT INTO orders SELECT g, g * 1.5, '2026-01-01T00:00:00Z'::timestamptz + g * interval '1 minute' FROM generate_series(1, 10) g`)
  commandLine = room.commandLine
  await commandLine.run('link', 'postgres', '--config', 'config.json', '--name', 'shop', '--schemas', 'orders', '--method', 'orders=incremental:updated_at')
  await commandLine.run('sync', 'shop')
  await room.run(`UPDATE orders SET amount = 100, updated_at = '2026-02-01Z' WHERE id = 3; INSERT INTO orders VALUES (11, 1, '2026-02-02Z')`)
  await commandLine.run('sync', 'shop')
}, 240_000)
afterAll(() => room.close(), 120_000)

const rowsOf = async (...args: string[]) => (await commandLine.json<Record<string, unknown>[]>('query', 'SELECT count(*) AS rows, max(amount) AS most FROM postgres_orders', ...args)).document

test('versions, what changed, as of, roll back, and the sync that brings the changes again', async () => {
  const listed = await commandLine.json('versions', 'postgres_orders')
  expect(listed.document).toMatchObject({ table: 'postgres_orders', version: 2, retention: { versions: 20, days: 7 }, versions: [{ number: 2, kind: 'sync', inserted: 1, updated: 1, rows: 11, rowsBefore: 10 }, { number: 1, inserted: 10 }] })

  const changed = await commandLine.json('diff', 'postgres.orders', '1', '2')
  expect(changed.document).toMatchObject({
    inserted: 1, updated: 1, deleted: 0, isComplete: true,
    changes: [
      { kind: 'updated', before: { id: '3', amount: '4.5000' }, after: { id: '3', amount: '100.0000' }, changed: ['amount', 'updated_at'] },
      { kind: 'inserted', before: null, after: { id: '11', amount: '1.0000' }, changed: [] },
    ],
  })
  expect((await commandLine.run('diff', 'postgres_orders', '1', '2')).out).toContain('1 row inserted, 1 updated, 0 deleted')

  expect(await rowsOf()).toEqual([{ rows: '11', most: '100.0000' }])
  expect(await rowsOf('--as-of', 'postgres_orders@1')).toEqual([{ rows: '10', most: '15.0000' }])
  expect(await commandLine.run('query', 'SELECT 1 FROM postgres_orders', '--as-of', '2001-01-01')).toMatchObject({ code: 1, err: expect.stringContaining('The oldest version that is kept is 1') })
  expect((await commandLine.run('query', 'SELECT 1 FROM postgres_orders', '--as-of', '12')).code).toBe(2)

  expect((await commandLine.json('rollback', 'postgres_orders', '--to', '1')).document).toMatchObject({ version: 3, restored: 1, rows: 10, isEnabled: true })
  expect(await rowsOf()).toEqual([{ rows: '10', most: '15.0000' }])
  expect((await commandLine.json('sync', 'shop')).document).toMatchObject([{ inserted: 1, updated: 1, version: 4 }])
  expect(await rowsOf()).toEqual([{ rows: '11', most: '100.0000' }])

  expect(await commandLine.run('rollback', 'nosuch', '--to', '1')).toMatchObject({ code: 1, err: expect.stringContaining('There is no table named nosuch') })
  expect((await commandLine.json('versions', 'postgres_orders', '--keep', '2', '--days', '30')).document).toMatchObject({ retention: { versions: 2, days: 30, isOwnVersions: true } })
  expect((await commandLine.json('retention', '--keep', '5', '--days', '90')).document).toMatchObject({ versions: 5, days: 90, ownTables: 1 })
  expect((await commandLine.json('versions', 'postgres_orders', '--keep', 'default')).document).toMatchObject({ retention: { versions: 5, days: 30, isOwnVersions: false, usualDays: 90 } })
  expect(await commandLine.run('retention', '--keep', 'default')).toMatchObject({ code: 0, out: expect.stringContaining('Kept of each table: 20 versions, as usual, for 90 days. 1 table says otherwise') })
  expect((await commandLine.run('retention', '--keep', '0')).code).toBe(2)
}, 240_000)
