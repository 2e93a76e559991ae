import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { env, setEnv } from '@/lib/core/env'
import { asSuperuser, freshServerDatabase, superuserUrl } from '@/test/database'
import { disconnect } from './client'
import { openDatabase } from './open-database'

afterEach(() => disconnect())

async function failureFor(change: (url: URL) => void) {
  const url = new URL(superuserUrl('postgres'))
  change(url)
  setEnv({ DATABASE_URL: url.href })
  const failure: unknown = await openDatabase().then(() => undefined, (error: unknown) => error)
  expect(String(failure)).not.toContain(url.password)
  return failure
}

test('a database that is given is migrated once, also by four starts at once', async () => {
  const given = await freshServerDatabase()
  setEnv({ DATABASE_URL: given.url })
  await Promise.all(Array.from({ length: 4 }, () => openDatabase()))
  const client = new pg.Client({ connectionString: given.url })
  await client.connect()
  const { rows } = await client.query('select migration_name, count(*)::int from _prisma_migrations group by 1 having count(*) > 1')
  expect(rows).toEqual([])
  await client.end()
  await given.drop()
})

test('a wrong password is told apart', async () => {
  expect(await failureFor((url) => (url.password = 'not-the-password'))).toMatchObject({ code: 'credentials' })
})

test('a database that is not there is told apart', async () => {
  expect(await failureFor((url) => (url.pathname = '/no_such_one'))).toMatchObject({ code: 'no_such_database' })
})

test('a server that does not answer is told apart', async () => {
  expect(await failureFor((url) => (url.port = '1'))).toMatchObject({ code: 'unreachable', title: 'No database answers at 127.0.0.1:1, the address in DATABASE_URL' })
})

test('an account without rights is told apart', async () => {
  await asSuperuser(`create role no_rights login password 'no-rights'`)
  expect(await failureFor((url) => { url.username = 'no_rights'; url.password = 'no-rights' })).toMatchObject({ code: 'permission' })
})

test('an address that is none is named with its variable', async () => {
  setEnv({ DATABASE_URL: 'mysql://localhost/x' })
  expect(() => env()).toThrow('DATABASE_URL')
})
