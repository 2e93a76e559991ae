import { afterEach, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { outsideLine } from './runs-outside'

afterEach(() => setEnv({ TRIGGER_SECRET_KEY: '', TRIGGER_API_URL: '', DATABASE_URL: '', ENCRYPTION_KEY: '' }))

test('without a key of Trigger.dev nothing is said and nothing asked for', () => {
  expect(outsideLine()).toBeUndefined()
})

test.each(['DATABASE_URL', 'ENCRYPTION_KEY'])('with it %s must be given, since machines elsewhere use it too', (name) => {
  setEnv({ TRIGGER_SECRET_KEY: 'tr_prod_x', DATABASE_URL: 'postgresql://here/db', ENCRYPTION_KEY: 'ab'.repeat(32), [name]: '' })
  expect(outsideLine).toThrow(name)
})

test('with all of it the start says who runs the syncs', () => {
  setEnv({ TRIGGER_SECRET_KEY: 'tr_prod_x', TRIGGER_API_URL: 'https://trigger.example.com', DATABASE_URL: 'postgresql://here/db', ENCRYPTION_KEY: 'ab'.repeat(32) })
  expect(outsideLine()).toMatch(/^Trigger.dev at trigger.example.com runs the syncs/)
})

test.each([['tr_pat_abc', 'https://x.example'], ['pk_prod_abc', 'https://x.example'], ['tr_prod_abc', 'ftp://x.example'], ['tr_prod_abc', 'x.example']])('%s at %s is refused with the name of the variable', (key, url) => {
  setEnv({ TRIGGER_SECRET_KEY: key, TRIGGER_API_URL: url })
  expect(outsideLine).toThrow(/TRIGGER_(SECRET_KEY|API_URL) cannot be used/)
})
