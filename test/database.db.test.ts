import pg from 'pg'
import { expect, test } from 'vitest'
import { dataFolder, env } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { asSuperuser, freshDatabase, freshServerDatabase } from './database'

test('two fresh databases are migrated and know nothing of each other', async () => {
  const first = await freshDatabase()
  expect(env().DATABASE_URL).toBe(first.url)
  await prisma().workspace.create({ data: { name: 'Only in the first' } })
  expect(await prisma().workspace.count()).toBe(1)
  const second = await freshDatabase()
  expect(await prisma().workspace.count()).toBe(0)
  await second.drop()
  await first.drop()
})

test('a source database is empty and is gone after its drop', async () => {
  const source = await freshServerDatabase()
  const client = new pg.Client({ connectionString: source.url })
  await client.connect()
  const { rows } = await client.query("select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace")
  await client.end()
  expect(rows).toEqual([{ n: 0 }])
  await source.drop()
  expect(await asSuperuser('select 1 from pg_database where datname = $1', [source.database])).toEqual([])
})

test('a test never writes into the data folder of the project', () => {
  expect(dataFolder()).toContain('tributary-test-')
})
