import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './password'

test('a password opens its own hash alone', async () => {
  const hash = await hashPassword('correct horse battery')
  expect(await verifyPassword('correct horse battery', hash)).toBe(true)
  expect(await verifyPassword('correct horse batterY', hash)).toBe(false)
  expect(await verifyPassword('', hash)).toBe(false)
})

test('the same password is kept in two different ways, at the promised cost', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse battery'), hashPassword('correct horse battery')])
  expect(one).not.toBe(two)
  expect(one).toMatch(/^scrypt\$32768\$8\$1\$/)
})

test('letters composed in another way are the same password', async () => {
  expect(await verifyPassword('pa\u0073\u0302sword-long', await hashPassword('pa\u015dsword-long'))).toBe(true)
})

test('without a hash the answer is no', async () => {
  expect(await verifyPassword('anything', undefined)).toBe(false)
  expect(await verifyPassword('anything', 'plain')).toBe(false)
})
