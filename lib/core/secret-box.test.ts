import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { dataFolder, setEnv } from './env'
import { keptSecret, open, seal, sessionSecret } from './secret-box'

test('what was sealed opens again, and twice sealed looks different', () => {
  const secrets = ['', 'hunter2', '🙂 ünïcode "quoted"\n', 'x'.repeat(100_000)]
  for (const secret of secrets) expect(open(seal(secret, 'source 1'), 'source 1')).toBe(secret)
  expect(seal('same', 'c')).not.toBe(seal('same', 'c'))
})

test('a sealed text does not show what is inside', () => {
  expect(Buffer.from(seal('hunter2', 'c').split('.')[1] ?? '', 'base64').toString('latin1')).not.toContain('hunter2')
})

test('copied to another row it does not open', () => {
  expect(() => open(seal('hunter2', 'source 1'), 'source 2')).toThrow('A stored secret cannot be opened')
})

test('one flipped bit anywhere is noticed', () => {
  const [format, payload] = seal('hunter2', 'c').split('.')
  const bytes = Buffer.from(payload ?? '', 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    expect(() => open(`${format}.${flipped.toString('base64')}`, 'c')).toThrow('A stored secret cannot be opened')
  }
})

test('a cut text or another format is answered in words, without the text', () => {
  for (const sealed of ['', 'v1', 'v1.', 'v1.AAAA', 'v2.AAAA', 'hunter2']) {
    expect(() => open(sealed, 'c')).toThrow('A stored secret cannot be opened')
  }
})

test('another key does not open it', () => {
  const sealed = seal('hunter2', 'c')
  setEnv({ ENCRYPTION_KEY: '0'.repeat(64) })
  expect(() => open(sealed, 'c')).toThrow('A stored secret cannot be opened')
  expect(open(seal('mine', 'c'), 'c')).toBe('mine')
  setEnv({ ENCRYPTION_KEY: '' })
  expect(open(sealed, 'c')).toBe('hunter2')
})

test('a kept secret is made once, with mode 0600 in a folder of 0700', () => {
  const first = sessionSecret()
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(sessionSecret()).toBe(first)
  expect(keptSecret('another')).not.toBe(first)
  const folder = path.join(dataFolder(), 'keys')
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  expect(fs.statSync(path.join(folder, 'session')).mode & 0o777).toBe(0o600)
})

test('a key file that was cut short by a crash is named', () => {
  fs.writeFileSync(path.join(dataFolder(), 'keys', 'broken'), 'abc')
  expect(() => keptSecret('broken')).toThrow(/keys.broken/)
})
