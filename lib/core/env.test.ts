import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bareEnvironment, dataFolder, env, setEnv } from './env'
import { AppError } from './errors'

const names = ['DATABASE_URL', 'PORT', 'HOST', 'NEXTAUTH_URL', 'NEXTAUTH_SECRET', 'ENCRYPTION_KEY', 'EGRESS', 'LOG_LEVEL']
let before: NodeJS.ProcessEnv

beforeEach(() => {
  before = { ...process.env }
  for (const name of names) delete process.env[name]
  setEnv({})
})

afterEach(() => {
  process.env = before
  setEnv({})
})

test('nothing must be set', () => {
  expect(env()).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, EGRESS: 'any', LOG_LEVEL: 'info' })
  expect(env().DATABASE_URL).toBeUndefined()
})

test('an empty variable counts as not set', () => {
  setEnv(Object.fromEntries(names.map((name) => [name, ''])))
  expect(env()).toMatchObject({ PORT: 3000 })
})

test.each([
  ['PORT', 'three thousand'], ['PORT', '65536'], ['PORT', '-1'], ['PORT', '1.5'],
  ['DATABASE_URL', 'mysql://localhost'], ['NEXTAUTH_URL', 'not an address'], ['NEXTAUTH_SECRET', 'short'],
  ['ENCRYPTION_KEY', 'abc'], ['EGRESS', 'some'], ['LOG_LEVEL', 'loud'],
])('%s=%s is answered with the name of the variable', (name, value) => {
  setEnv({ [name]: value })
  const failure = (() => { try { env() } catch (error) { return error } })()
  expect(failure).toBeInstanceOf(AppError)
  expect(failure).toMatchObject({ code: 'bad_config', title: `The environment variable ${name} cannot be used` })
})

test('a secret that cannot be used is not repeated', () => {
  setEnv({ ENCRYPTION_KEY: 'my-secret-key' })
  expect(() => env()).toThrow(expect.objectContaining({ message: expect.not.stringContaining('my-secret-key') as string }))
  setEnv({ ENCRYPTION_KEY: '', DATABASE_URL: 'mysql://u:p4ssw0rd@h/d' })
  expect(() => env()).toThrow(expect.objectContaining({ message: expect.not.stringContaining('p4ssw0rd') as string }))
})

test('what setEnv sets is read at once, and inherited', () => {
  expect(env().PORT).toBe(3000)
  setEnv({ PORT: '4000' })
  expect(env().PORT).toBe(4000)
  expect(process.env.PORT).toBe('4000')
})

test('the data folder is absolute', () => {
  setEnv({ TRIBUTARY_DATA: 'some/where' })
  expect(dataFolder()).toBe(path.resolve('some/where'))
})

test('a child that needs nothing of ours gets none of it', () => {
  setEnv({ DATABASE_URL: 'postgresql://u:secret@h/d', NEXTAUTH_SECRET: 'sixteen characters' })
  expect(Object.keys(bareEnvironment())).toContain('PATH')
  expect(JSON.stringify(bareEnvironment())).not.toMatch(/secret|sixteen/)
})
