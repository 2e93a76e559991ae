import { expect, test } from 'vitest'
import { safePath } from './safe-path'

test('a path of our own is kept, with its query and its place', () => {
  for (const path of ['/sources', '/sources?open=a,b#runs', '/sql?q=select%201', '/']) expect(safePath(path)).toBe(path)
})

test('nothing leads to another site, and nothing back to the door', () => {
  const hostile = [undefined, '', 'sources', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', 'javascript:alert(1)', '/..//evil.example', '/./\\evil.example', '/.//evil.example', '/sign-in?callbackUrl=/sign-in', '/setup', '/api/auth/signout']
  for (const path of hostile) expect(safePath(path)).toBe('/sources')
})
