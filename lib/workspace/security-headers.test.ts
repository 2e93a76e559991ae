import { expect, test } from 'vitest'
import { contentSecurityPolicy, securityHeaders } from './security-headers'

function rulesOf(policy: string): Map<string, string[]> {
  return new Map(policy.split('; ').map((rule) => {
    const [name, ...values] = rule.split(' ')
    return [name ?? '', values]
  }))
}

const served = rulesOf(contentSecurityPolicy({ nonce: 'abc', isHttps: true, isDev: false }))

test('a script without the nonce of its request never runs', () => {
  expect(served.get('script-src')).toEqual(["'self'", "'nonce-abc'", "'strict-dynamic'"])
  expect(served.get('style-src-elem')).not.toContain("'unsafe-inline'")
})

test('the page talks to its own host alone and stands in no frame', () => {
  expect(served.get('default-src')).toEqual(["'self'"])
  expect(served.get('connect-src')).toEqual(["'self'"])
  expect(served.get('form-action')).toEqual(["'self'"])
  expect(served.get('frame-ancestors')).toEqual(["'none'"])
  expect(served.get('object-src')).toEqual(["'none'"])
  expect(served.get('base-uri')).toEqual(["'none'"])
})

test('https alone is promised over https alone', () => {
  expect(securityHeaders(true)).toHaveProperty('Strict-Transport-Security')
  expect(securityHeaders(false)).not.toHaveProperty('Strict-Transport-Security')
  expect(contentSecurityPolicy({ nonce: 'abc', isHttps: false, isDev: false })).not.toContain('upgrade-insecure-requests')
})
