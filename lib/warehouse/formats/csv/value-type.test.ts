import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine, type Engine } from '../../duckdb'
import { quoteLiteral } from '../../sql-text'
import { fitsSql, foundValueSql, triedSql } from './value-sql'
import { fits, FOUND_TYPES, TypeFinder } from './value-type'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine(new AbortController().signal)
})
afterAll(() => engine.close())

function typeOf(...texts: string[]): string {
  const finder = new TypeFinder()
  for (const text of texts) finder.add(text, false)
  return finder.type
}

test.each([
  ['BOOLEAN', ['true', 'False']], ['VARCHAR', ['t', 'f']], ['VARCHAR', ['yes', 'no']], ['VARCHAR', ['true', '1']],
  ['BIGINT', ['0', '-7', '9223372036854775807']], ['VARCHAR', ['9223372036854775808']], ['VARCHAR', ['007']], ['VARCHAR', ['+4912345']], ['VARCHAR', ['1_000']], ['VARCHAR', ['0x1F']], ['VARCHAR', [' 1']], ['VARCHAR', ['1 ']], ['VARCHAR', ['-']],
  ['DOUBLE', ['12.30', '1']], ['DOUBLE', ['.5', '-0.25', '1e-7', '5.']], ['DOUBLE', ['0.30000000000000004', '0.09953138488054704']], ['VARCHAR', ['0.12345678901234567']], ['VARCHAR', ['1.5', '9007199254740993']], ['DOUBLE', ['1.5', '9007199254740992']],
  ['DOUBLE', ['1.5', 'NaN', '-inf']], ['VARCHAR', ['NaN', 'nan']], ['VARCHAR', ['1e400', '1']], ['VARCHAR', ['1e-400']], ['VARCHAR', ['12,5']], ['VARCHAR', ['00.5']], ['DOUBLE', ['1.50000000000000000000']], ['DOUBLE', ['-0', '0.0']],
  ['DATE', ['2025-01-05', '2024-02-29']], ['VARCHAR', ['2025-02-29']], ['VARCHAR', ['31.12.2025']], ['VARCHAR', ['12/31/2025']], ['VARCHAR', ['0000-01-01']], ['VARCHAR', ['2025-1-5']],
  ['TIMESTAMP', ['2025-01-05T10:00:00', '2025-01-05 10:00', '2025-01-05']], ['TIMESTAMP', ['2025-01-05 10:00:00.123456000']], ['VARCHAR', ['2025-01-05 10:00:00.1234567']], ['VARCHAR', ['2025-01-05 24:00:00']], ['VARCHAR', ['2025-01-05 23:59:60']],
  ['TIMESTAMP WITH TIME ZONE', ['2025-01-05T10:00:00Z', '2025-01-05 10:00:00.5+02', '2025-01-05 10:00:00 UTC', '2025-01-05T10:00:00-0530']], ['VARCHAR', ['2025-01-05 10:00:00Z', '2025-01-05 10:00:00']], ['VARCHAR', ['2025-01-05 10:00:00+25:00']], ['VARCHAR', ['2025-01-05 10:00Z']], ['VARCHAR', ['2025-01-05 10:00:00 +01']],
  ['TIME', ['10:30', '23:59:59.5']], ['VARCHAR', ['24:00:00']], ['"NULL"', []],
])('the type is %s for %j', (type, texts) => {
  expect(typeOf(...texts)).toBe(type)
})

test('an empty text in quotes is no NULL when nothing else tells what a column is', () => {
  const finder = new TypeFinder()
  finder.add('', true)
  expect(finder.type).toBe('VARCHAR')
})

const PARTS = ['0', '00', '1', '9', '7', '12', '2025', '-', '+', '.', ',', 'e', 'E', '_', ' ', ':', 'T', 'Z', '-01', '-31', ':59', '24', '2025-01-05', '10:00', ':00', ' UTC', 'inf', 'NaN', 'true', '0x', '\n', '\0', 'é', '123456789', '(BC)', '/', '\\']
const texts = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String), fc.integer().map(String),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 19n }), fc.bigInt({ min: 0n, max: 10n ** 19n })).map(([a, b]) => `${a}.${b}`),
  fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }).chain((date) => fc.constantFrom(date.toISOString(), date.toISOString().slice(0, 19), date.toISOString().slice(0, 10), date.toISOString().slice(0, 19).replace('T', ' '), date.toISOString().slice(11, 19))),
  // shapes with a sign, a zone or a blank in the place of a digit
  fc.constantFrom('2025-01-05', '2025-01-05T10:00:00', '2025-01-05 10:00:00.120', '2025-01-05T10:00:00.12Z', '2025-01-05 10:00:00+00').chain((text) => fc.tuple(fc.nat(text.length - 1), fc.constantFrom('Z', ' ', '+', '-', '/', '', '5', 'T', '.')).map(([at, sign]) => text.slice(0, at) + sign + text.slice(at + 1))),
).filter((text) => !text.includes('\0'))

function readSql(type: string, texts: string[]): string {
  return `SELECT ${foundValueSql('x', type, 't')} FROM (SELECT x, ${triedSql('x', type) ?? 'NULL'} AS t FROM (VALUES ${texts.map((text) => `(${quoteLiteral(text)})`).join(', ')}) v(x))`
}

test('what fits a type is the same to us, to the engine, and to the engine when it reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 200, maxLength: 200 }), async (batch) => {
      for (const type of FOUND_TYPES) {
        const values = batch.map((text) => `(${quoteLiteral(text)})`).join(', ')
        const rows = await engine.rows(`SELECT x, coalesce(${fitsSql('x', type)}, false) FROM (VALUES ${values}) v(x)`)
        expect(rows.map(([text, isFit]) => [text, type, isFit])).toEqual(batch.map((text) => [text, type, fits(text, type)]))
        const fitting = [...new Set(batch.filter((text) => fits(text, type)))]
        if (fitting.length) await engine.rows(readSql(type, fitting))
        for (const text of [...new Set(batch.filter((text) => !fits(text, type) && text !== ''))].slice(0, 12)) {
          const read = await engine.rows(readSql(type, [text])).then(() => `${type} took ${text}`, () => 'refused')
          expect(read).toBe('refused')
        }
      }
    }),
    { numRuns: 25, endOnFailure: true },
  )
})
