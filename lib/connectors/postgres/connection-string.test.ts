import { expect, test } from 'vitest'
import fc from 'fast-check'
import { secretFieldNames } from '../config-fields'
import { certificateForTest } from './certificate-for-test'
import { PostgresConfig } from './config'
import { parseConnectionString } from './connection-string'
import { postgres } from './connector'

const fieldsOf = (text: string) => {
  const parsed = parseConnectionString(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.fields
}

test.each([
  ['postgresql://u:p@h:6432/db', { user: 'u', password: 'p', host: 'h', port: 6432, database: 'db' }],
  ['postgres://h/db', { host: 'h', database: 'db' }],
  ['  "postgresql://u@h"  ', { user: 'u', host: 'h' }],
  ['postgresql://u%40x:p%2Fq@h/my%20db?sslmode=require', { user: 'u@x', password: 'p/q', host: 'h', database: 'my db', sslmode: 'require' }],
  ['postgresql://u:p@[::1]:5433/db', { user: 'u', password: 'p', host: '::1', port: 5433, database: 'db' }],
  ['postgresql://h/db?user=me&password=a%26b&sslmode=verify-ca', { host: 'h', database: 'db', user: 'me', password: 'a&b', sslmode: 'verify-full' }],
  ['postgresql://u:p@h/db?schema=sales&pgbouncer=true', { user: 'u', password: 'p', host: 'h', database: 'db', schema: 'sales' }],
  ['jdbc:postgresql://h:5432/db?currentSchema=sales', { host: 'h', port: 5432, database: 'db', schema: 'sales' }],
  [`host=h port=5433 dbname='my db' user=u password='it\\'s' sslmode=allow`, { host: 'h', port: 5433, database: 'my db', user: 'u', password: `it's`, sslmode: 'prefer' }],
  ['psql postgresql://u:100%@h/db', { user: 'u', password: '100%', host: 'h', database: 'db' }],
])('%s is read', (text, fields) => {
  expect(fieldsOf(text)).toEqual(fields)
})

test.each(['/', '?', '#', '@', ':', 'a/b?c#d@e:f', 'p@h2/x', '@@', '?x=y', '/?#@:'])('a password with %s may be pasted unescaped', (password) => {
  expect(fieldsOf(`postgresql://u:${password}@db.example.com:5432/shop?sslmode=require`)).toEqual({ user: 'u', password, host: 'db.example.com', port: 5432, database: 'shop', sslmode: 'require' })
})

test('what is escaped comes back, whatever it holds', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 }).filter((value) => value.trim() === value)
  fc.assert(
    fc.property(text, text, text, (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent)
      expect(fieldsOf(`postgresql://${u}:${p}@h:1/${d}`)).toEqual({ user, password, database, host: 'h', port: 1 })
    }),
  )
})

test.each(['mysql://u:hunter2@h/db', 'postgresql://u:hunter2@h:port/db', 'postgresql://u:hunter2@h:70000/db', 'postgresql://u:hunter2@a,b/db', 'postgresql://u:hunter2@h/db?sslmode=maybe', 'hunter2', `password='hunter2`])('%s is refused, at its field and without its password', (text) => {
  const read = PostgresConfig.safeParse({ connection_string: text })
  expect(read.success).toBe(false)
  expect(read.error?.issues[0]?.path).toEqual(['connection_string'])
  expect(JSON.stringify(read.error)).not.toContain('hunter2')
})

test('fields that are given win over the connection string, unless they only show their default', () => {
  const config = PostgresConfig.parse({ connection_string: 'postgresql://u:p@h:6432/db?sslmode=require', user: 'other', port: 5432, sslmode: 'prefer', password: '' })
  expect(config).toEqual({ host: 'h', port: 6432, database: 'db', user: 'other', password: 'p', schema: '', sslmode: 'require', ca: '' })
})

test('the fields alone are enough, as a form sends them', () => {
  expect(PostgresConfig.parse({ connection_string: '', host: ' h ', port: '5433', database: 'db', user: 'u', password: ' p ', schema: null, ca: '' })).toEqual({ host: 'h', port: 5433, database: 'db', user: 'u', password: ' p ', schema: '', sslmode: 'prefer', ca: '' })
})

test('each mistake stands at its field', () => {
  const issues = PostgresConfig.safeParse({ port: 'x', sslmode: 'maybe', ca: 'none' }).error?.issues ?? []
  expect(Object.fromEntries(issues.map((issue) => [issue.path[0], issue.message]))).toEqual({
    host: 'Enter the host',
    database: 'Enter the database',
    user: 'Enter the user',
    port: 'Enter the port as a number',
    sslmode: 'Choose disable, prefer, require or verify-full',
    ca: 'Paste the certificate as text that begins with -----BEGIN CERTIFICATE-----',
  })
})

test('a CA certificate has to be one', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----'
  const config = { host: 'h', database: 'd', user: 'u', sslmode: 'verify-full' }
  expect(PostgresConfig.safeParse({ ...config, ca: broken }).error?.issues[0]?.path).toEqual(['ca'])
  const { cert } = certificateForTest('h')
  expect(PostgresConfig.parse({ ...config, ca: `${cert}\n${cert}` }).ca).toContain('BEGIN')
})

test('the password and the connection string are secret', () => {
  expect(secretFieldNames(postgres).sort()).toEqual(['connection_string', 'password'])
})
