import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AppError, type ErrorView, toErrorView } from '@/lib/core/errors'
import { prisma } from '@/lib/db/client'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { createFirstAdmin } from './create-first-admin'
import { hashPassword } from './password'
import { passwordStamp } from './session-token'
import { signIn } from './sign-in'

const password = 'correct horse battery'
let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
  await createFirstAdmin({ email: 'ada@example.com', name: 'Ada', password })
})

afterAll(() => database.drop())

beforeEach(async () => {
  await prisma().signInLimit.deleteMany()
})

async function refusal(email: string, given: string, address = '10.0.0.1'): Promise<ErrorView> {
  const error = await signIn({ email, password: given }, address).then(() => undefined, (thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  return toErrorView(error)
}

test('the right password signs in, however the e-mail is written', async () => {
  const token = await signIn({ email: ' ADA@Example.com ', password }, '10.0.0.1')
  const user = await prisma().user.findUniqueOrThrow({ where: { email: 'ada@example.com' } })
  expect(token).toEqual({ userId: user.id, stamp: passwordStamp(user.passwordHash) })
})

test('an unknown e-mail and a wrong password get the same answer', async () => {
  expect(await refusal('nobody@example.com', password)).toEqual(await refusal('ada@example.com', 'wrong'))
})

test('an unknown e-mail takes as long as a wrong password', async () => {
  const seconds = async (email: string, address: string): Promise<number> => {
    const began = performance.now()
    await refusal(email, 'wrong', address)
    return performance.now() - began
  }
  const times: [number[], number[]] = [[], []]
  for (let turn = 0; turn < 5; turn += 1) {
    times[0].push(await seconds('ada@example.com', `10.1.0.${turn}`))
    times[1].push(await seconds('nobody@example.com', `10.1.1.${turn}`))
  }
  // Without the hash an answer comes some fifty times faster: a factor of three tells the two apart on a busy machine too.
  expect(Math.min(...times[1])).toBeGreaterThan(Math.min(...times[0]) / 3)
})

test('the sixth wrong try must wait, is told how long, and waits also with the right password', async () => {
  for (let turn = 0; turn < 5; turn += 1) expect((await refusal('ada@example.com', 'wrong')).code).toBe('credentials')
  const waiting = await refusal('ada@example.com', password)
  expect(waiting.code).toBe('rate_limited')
  expect(waiting.detail).toMatch(/possible in 1[45] m/)
})

test('an account that does not exist runs into the same wait', async () => {
  for (let turn = 0; turn < 5; turn += 1) await refusal('nobody@example.com', 'wrong')
  const [unknown, known] = [await refusal('nobody@example.com', 'wrong'), await refusal('nobody@example.com', 'wrong')]
  expect(unknown.code).toBe('rate_limited')
  expect(known.title).toBe(unknown.title)
})

test('tries at once are all counted: of twenty, five are looked at', async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, () => refusal('ada@example.com', 'wrong').then(({ code }) => code)))
  expect(codes.filter((code) => code === 'credentials')).toHaveLength(5)
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15)
})

test('one address that guesses at many accounts must wait; another address need not', async () => {
  for (let turn = 0; turn < 30; turn += 1) await refusal(`user${turn}@example.com`, 'wrong', '10.2.0.1')
  expect((await refusal('ada@example.com', password, '10.2.0.1')).code).toBe('rate_limited')
  await expect(signIn({ email: 'ada@example.com', password }, '10.2.0.2')).resolves.toMatchObject({ stamp: expect.any(String) })
}, 30_000)

test('the right password forgets the mistakes before it', async () => {
  for (let round = 0; round < 3; round += 1) {
    for (let turn = 0; turn < 4; turn += 1) await refusal('ada@example.com', 'wrong')
    await expect(signIn({ email: 'ada@example.com', password }, '10.0.0.1')).resolves.toBeDefined()
  }
})

test('what was counted names neither the account nor the address', async () => {
  await refusal('ada@example.com', 'wrong', '10.0.0.9')
  const rows = await prisma().signInLimit.findMany()
  expect(rows).toHaveLength(3)
  expect(JSON.stringify(rows.map(({ key }) => key))).not.toMatch(/ada|10\.0/)
})

test('a new password ends the sessions of the old one', async () => {
  const before = await signIn({ email: 'ada@example.com', password }, '10.0.0.1')
  const passwordHash = await hashPassword(password)
  await prisma().user.update({ where: { email: 'ada@example.com' }, data: { passwordHash } })
  const after = await signIn({ email: 'ada@example.com', password }, '10.0.0.1')
  expect(after.stamp).not.toBe(before.stamp)
})
