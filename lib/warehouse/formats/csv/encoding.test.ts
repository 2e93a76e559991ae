import { expect, test } from 'vitest'
import { detectEncoding } from './encoding'
import { settingsOf } from './read-for-test'

const text = 'name,city\nJürgen,Köln\n'
const utf16be = Buffer.from(text, 'utf16le').swap16()

test.each<[string, Uint8Array, string]>([
  ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8'],
  ['nothing', Buffer.alloc(0), 'utf-8'],
  ['UTF-8', Buffer.from(text), 'utf-8'],
  ['UTF-8 that is cut within a letter of two bytes', Buffer.from('Kö').subarray(0, 2), 'utf-8'],
  ['UTF-8 that is cut within a letter of four', Buffer.from('x🎈').subarray(0, 4), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
  ['UTF-16 of the other order with a mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
  ['UTF-16 without one', Buffer.from(text, 'utf16le'), 'utf-16le'],
  ['UTF-16 of the other order without one', utf16be, 'utf-16be'],
  ['what is no UTF-8', Buffer.from(text, 'latin1'), 'windows-1252'],
  ['what ends with a letter that is no beginning of one', Buffer.from([0x61, 0xff]), 'windows-1252'],
  ['a zero byte in UTF-8', Buffer.from('a,b\n1,\0\n'), 'utf-8'],
])('%s', (_, bytes, encoding) => {
  expect(detectEncoding(bytes, settingsOf({}))).toBe(encoding)
})

test('what people say overrules it, by any label of the standard', () => {
  expect(detectEncoding(Buffer.from(text), settingsOf({ encoding: 'latin1' }))).toBe('windows-1252')
  expect(() => detectEncoding(Buffer.from(text), settingsOf({ encoding: 'klingon' }))).toThrow('There is no encoding klingon')
})
