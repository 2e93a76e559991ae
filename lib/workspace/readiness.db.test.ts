import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { GET as health } from '@/app/api/health/route'
import { GET as ready } from '@/app/api/ready/route'
import { dataFolder, setEnv } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { warehouseFolder } from '@/lib/warehouse/object-store'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { Part } from './readiness'

let database: FreshDatabase
let empty: FreshServerDatabase
let silent: Server

beforeAll(async () => {
  database = await freshDatabase()
  empty = await freshServerDatabase()
  // takes every connection, and never says a word
  silent = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  // the last answer is another installation's
  delete (globalThis as { tributaryParts?: unknown }).tributaryParts
  setEnv({ DATABASE_URL: database.url, WAREHOUSE_URL: '', S3_ENDPOINT: '' })
})
afterEach(() => rmSync(warehouseFolder(), { recursive: true, force: true }))
afterAll(async () => {
  silent.close()
  await empty.drop()
  await database.drop()
})

const silentPort = () => (silent.address() as AddressInfo).port

async function answer(): Promise<[number, unknown]> {
  const response = await ready()
  return [response.status, await response.json()]
}

test('with a migrated database and a folder to write to, all is ready', async () => {
  expect(await answer()).toEqual([200, { database: 'ready', warehouse: 'ready' }])
})

test('health asks nobody: it is well without a database', async () => {
  setEnv({ DATABASE_URL: '' })
  const response = health()
  expect([response.status, await response.text()]).toEqual([200, 'ok\n'])
})

test('a database that lacks a migration, the newest or all, is not ready', async () => {
  const isUnmigrated = [503, { database: 'is not migrated', warehouse: 'ready' }]
  await prisma().$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`
  expect(await answer()).toEqual(isUnmigrated)
  await prisma().$executeRaw`UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL`
  delete (globalThis as { tributaryParts?: unknown }).tributaryParts
  setEnv({ DATABASE_URL: empty.url })
  expect(await answer()).toEqual(isUnmigrated)
})

test.each([
  ['refuses connections', () => 'postgresql://reader:swordfish@127.0.0.1:1/orders'],
  ['accepts and says nothing', () => `postgresql://reader:swordfish@127.0.0.1:${silentPort()}/orders`],
])('a database that %s is told without its place, its account or its secret', async (_, url) => {
  setEnv({ DATABASE_URL: url() })
  expect(await answer()).toEqual([503, { database: 'does not answer', warehouse: 'ready' }])
})

test('a warehouse that cannot be made is told', async () => {
  mkdirSync(dataFolder(), { recursive: true })
  rmSync(warehouseFolder(), { recursive: true, force: true })
  writeFileSync(path.join(dataFolder(), 'warehouse'), 'a file in its place')
  expect(await answer()).toEqual([503, { database: 'ready', warehouse: 'does not work' }])
})

test('a bucket that says nothing is told without its name', async () => {
  setEnv({ WAREHOUSE_URL: 's3://secret-bucket/wh', S3_ENDPOINT: `http://127.0.0.1:${silentPort()}`, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'swordfish' })
  // its client is large: while it is loaded, nothing else in this process goes on
  await import('@aws-sdk/client-s3')
  expect(await answer()).toEqual([503, { database: 'ready', warehouse: 'does not answer' }])
})

test('a hundred who ask at once cost one look, and one that hangs is not looked at again beside it', async () => {
  let looks = 0
  const well = new Part('well', async () => `${++looks} look`, () => 'fails')
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => well.state())))).toEqual(new Set(['1 look']))
  let hanging = 0
  const hung = new Part('hung', () => {
    hanging++
    return new Promise<string>(() => {})
  }, () => 'fails')
  for (let asks = 0; asks < 3; asks++) expect(await hung.state()).toBe('does not answer')
  expect(hanging).toBe(1)
})
