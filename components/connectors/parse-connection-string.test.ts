import { describe, expect, it } from 'vitest'
import { parseConnectionString } from './parse-connection-string'

describe('parseConnectionString', () => {
  it('takes every part of a URL', () => {
    expect(parseConnectionString('postgresql://reader:s3cret@db.example.com:6543/shop?sslmode=require&schema=sales')).toEqual({
      host: 'db.example.com', port: '6543', database: 'shop', user: 'reader', password: 's3cret', sslmode: 'require', schema: 'sales',
    })
  })

  it('leaves out what the string does not say, so that a field keeps its value', () => {
    expect(parseConnectionString('postgres://db.example.com/shop')).toEqual({ host: 'db.example.com', database: 'shop' })
  })

  it('decodes encoded characters and keeps those that nobody encoded', () => {
    expect(parseConnectionString('postgres://re%40der:p%40ss%2Fword@h/d')?.password).toBe('p@ss/word')
    expect(parseConnectionString('postgres://reader:a@b:c#d/e?f@h:5432/d')).toMatchObject({ password: 'a@b:c#d/e?f', host: 'h', database: 'd' })
    expect(parseConnectionString('postgres://reader:100%@h/d')?.password).toBe('100%')
  })

  it('reads the forms that other tools show', () => {
    expect(parseConnectionString('psql "postgresql://reader:pw@h:5432/d?sslmode=require"')).toMatchObject({ host: 'h', user: 'reader', sslmode: 'require' })
    expect(parseConnectionString("DATABASE_URL='postgresql://reader:pw@h:5432/d'")).toMatchObject({ host: 'h', database: 'd' })
    expect(parseConnectionString('jdbc:postgresql://h:5432/d?user=reader&password=pw&ssl=true')).toMatchObject({ user: 'reader', password: 'pw', sslmode: 'require' })
    expect(parseConnectionString("host=h port=5433 dbname=d user=reader password='se \\'cret'")).toEqual({ host: 'h', port: '5433', database: 'd', user: 'reader', password: "se 'cret" })
    expect(parseConnectionString('postgres://u:p@[2001:db8::1]:5432/d')).toMatchObject({ host: '2001:db8::1', port: '5432' })
    expect(parseConnectionString('postgres://u:p@a.example.com:1,b.example.com:2/d')).toMatchObject({ host: 'a.example.com', port: '1', database: 'd' })
  })

  it('says no to anything else', () => {
    for (const text of ['', 'db.example.com', 'just some words', 'postgres://', 'user=reader']) expect(parseConnectionString(text)).toBeNull()
  })
})
