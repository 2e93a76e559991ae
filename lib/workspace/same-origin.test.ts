import { afterEach, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { checkSameOrigin } from './same-origin'

afterEach(() => setEnv({ NEXTAUTH_URL: '' }))

function passes(headers: Record<string, string>): boolean {
  try {
    checkSameOrigin(new Headers(headers))
    return true
  } catch {
    return false
  }
}

test('a request of our own page passes, also behind a proxy', () => {
  expect(passes({ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' })).toBe(true)
  expect(passes({ origin: 'https://data.example', host: '10.0.0.5:3000', 'x-forwarded-host': 'data.example' })).toBe(true)
  expect(passes({ host: '127.0.0.1:3000', 'sec-fetch-site': 'same-origin' })).toBe(true)
  setEnv({ NEXTAUTH_URL: 'https://data.example' })
  expect(passes({ origin: 'https://data.example', host: '10.0.0.5:3000' })).toBe(true)
})

test('a request of another site, of a neighbouring port or of nobody is refused', () => {
  const host = '127.0.0.1:3000'
  expect(passes({ origin: 'https://evil.example', host })).toBe(false)
  expect(passes({ origin: 'http://127.0.0.1:3001', host })).toBe(false)
  expect(passes({ origin: 'null', host })).toBe(false)
  expect(passes({ host })).toBe(false)
  expect(passes({ host, 'sec-fetch-site': 'cross-site' })).toBe(false)
  expect(passes({ origin: 'https://evil.example', host, 'sec-fetch-site': 'same-origin' })).toBe(false)
})
