import { afterAll, beforeAll, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { asSuperuser, freshDatabase, type FreshDatabase } from '@/test/database'
import { prisma } from './client'
import { databaseAway, isDatabaseAway } from './database-away'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  setEnv({ DATABASE_URL: database.url })
  await database.drop()
})

const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error)
const endSessions = () => asSuperuser(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`, [new URL(database.url).pathname.slice(1)])

test('a database that ends our session in the middle of a statement is away, in whichever way it was asked', async () => {
  const asked = [failure(prisma().$queryRaw`SELECT pg_sleep(30)::text`), failure(prisma().$transaction(async (tx) => tx.$queryRaw`SELECT pg_sleep(30)::text`))]
  let ended = 0
  while (ended < 2) ended += (await endSessions()).length
  const errors = await Promise.all(asked)
  expect(errors.map((error) => isDatabaseAway(error))).toEqual([true, true])
  expect(databaseAway(errors[0])).toMatchObject({ code: 'unreachable', title: 'The database of Tributary does not answer', isRetryable: true })
})

test('one at whose address nobody listens is away', async () => {
  setEnv({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
  const errors = await Promise.all([failure(prisma().workspace.count()), failure(prisma().$queryRaw`SELECT 1`)])
  setEnv({ DATABASE_URL: database.url })
  expect(errors.map((error) => isDatabaseAway(error))).toEqual([true, true])
})

test('one that gives no connection for a transaction in time is away', async () => {
  const busy = Array.from({ length: 10 }, () => failure(prisma().$queryRaw`SELECT pg_sleep(30)::text`))
  const error = await failure(prisma().$transaction(async (tx) => tx.workspace.count(), { maxWait: 50 }))
  for (let ended = 0; ended < busy.length; ) ended += (await endSessions()).length
  await Promise.all(busy)
  expect(error).toMatchObject({ code: 'P2028' })
  expect(isDatabaseAway(error)).toBe(true)
})

test('a statement that is refused, and what is in words already, are something else', async () => {
  const errors = [await failure(prisma().$queryRaw`SELECT nosuch`), new AppError('unreachable', { title: 'The source is away' }), new Error('a mistake of ours'), 'a word', null]
  expect(errors.map((error) => isDatabaseAway(error))).toEqual([false, false, false, false, false])
})
