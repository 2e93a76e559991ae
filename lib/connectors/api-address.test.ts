import { expect, test } from 'vitest'
import { apiAddress } from './api-address'

const refused = (text: unknown) => apiAddress('https://api.example.com').safeParse(text).error?.issues.map(({ message }) => message).join() ?? null

test('an address comes out without spaces around it and slashes at its end', () => {
  expect(apiAddress('https://api.example.com').parse(' https://acme.example/v2// ')).toBe('https://acme.example/v2')
})

test('plain http is refused outside of a private network', () => {
  for (const text of ['https://acme.example', 'http://127.0.0.1:80', 'http://[fd00::1]', 'http://10.1.2.3', 'http://gateway', 'http://api.internal']) expect(refused(text)).toBeNull()
  for (const text of ['http://acme.example', 'http://8.8.8.8', 'ftp://10.1.2.3', 'http://169.254.169.254']) expect(refused(text)).toContain('Use https://')
})

test('what is more than an address, or none, is refused with what to enter', () => {
  for (const text of ['https://me:secret@acme.example', 'https://acme.example?key=1', 'https://acme.example#x']) expect(refused(text)).toContain('no user name')
  for (const text of ['', 'acme.example', undefined]) expect(refused(text)).toContain('https://api.example.com')
})
