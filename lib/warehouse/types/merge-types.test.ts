import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { castSql } from './cast-sql'
import { openEngine } from '../duckdb'
import { exactSql, isExactOnlyIf } from './exact-sql'
import { isKept, keptType } from './kept-type'
import { mergeTypes } from './merge-types'
import { canonicalType, parseType, printType, type TypeNode } from './type-name'

const names = fc.constantFrom('a', 'b', 'B', '"c d"', 'e')
const scalars = [
  '"NULL"', 'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'FLOAT', 'DOUBLE', 'VARCHAR', 'JSON', 'BLOB', 'UUID', 'DATE', 'TIME', 'TIME_NS',
  'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ', 'TIMETZ', 'BIT', 'INTERVAL', "ENUM('a', 'b')",
]
const decimal = fc.tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38)).map(([precision, scale]) => `DECIMAL(${precision},${Math.min(precision, scale)})`)

const { anyType } = fc.letrec<{ anyType: string }>((tie) => ({
  anyType: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(fc.constantFrom(...scalars), decimal),
    tie('anyType').map((type) => `${type}[]`),
    fc.uniqueArray(fc.tuple(names, tie('anyType')), { minLength: 1, maxLength: 3, selector: ([name]) => name.toLowerCase() }).map((fields) => `STRUCT(${fields.map((field) => field.join(' ')).join(', ')})`),
    // a key is never NULL, and a double as a key is nobody's
    fc.tuple(fc.constantFrom('INTEGER', 'BIGINT', 'VARCHAR', 'DATE', 'UUID'), tie('anyType')).map(([key, value]) => `MAP(${key}, ${value})`),
  ),
}))

const whole = (min: bigint, max: bigint) => fc.oneof(fc.constantFrom(min, max), fc.bigInt({ min, max })).map(String)
const wholes = (bits: bigint) => ({ signed: whole(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n), unsigned: whole(0n, (1n << bits) - 1n) })
const second = fc.integer({ min: -60_000_000_000, max: 180_000_000_000 })
const moment = fc.oneof(fc.constantFrom(`'infinity'`, `'-infinity'`), fc.tuple(second, fc.nat(999_999)).map(([seconds, micros]) => `make_timestamp(${seconds}000000 + ${micros})`))
const double = fc.oneof(fc.constantFrom(`'nan'`, `'-inf'`, `'-0.0'`), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `'${value}'`))
const VALUES: Record<string, fc.Arbitrary<string>> = {
  '"NULL"': fc.constant('NULL'), BOOLEAN: fc.constantFrom('true', 'false'), UUID: fc.uuid().map((text) => `'${text}'`), JSON: fc.constantFrom(`'{"a":[1.5,null]}'`, `'"x"'`, `'1'`),
  TINYINT: wholes(8n).signed, SMALLINT: wholes(16n).signed, INTEGER: wholes(32n).signed, BIGINT: wholes(64n).signed, HUGEINT: wholes(128n).signed,
  UTINYINT: wholes(8n).unsigned, USMALLINT: wholes(16n).unsigned, UINTEGER: wholes(32n).unsigned, UBIGINT: wholes(64n).unsigned,
  FLOAT: fc.oneof(fc.constantFrom(`'nan'`, `'-0.0'`), fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => `'${value}'`)), DOUBLE: double,
  VARCHAR: fc.oneof(fc.constantFrom('', '\\N', '[1', 'NULL'), fc.string({ unit: 'binary' })).map((text) => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`),
  BLOB: fc.uint8Array({ maxLength: 9 }).map((bytes) => `from_hex('${Buffer.from(bytes).toString('hex')}')`), DATE: fc.oneof(fc.constantFrom(`'infinity'`, `'5877642-06-25 (BC)'`), second.map((seconds) => `make_timestamp(${seconds}000000)`)),
  TIME: fc.constantFrom(`'24:00:00'`, `'00:00:00.000001'`), TIME_NS: fc.constant(`'12:00:00.123456789'`), TIMESTAMP: moment, TIMESTAMPTZ: moment, TIMETZ: fc.constant(`'12:00:00.5+05:30'`),
  TIMESTAMP_S: second.map((seconds) => `make_timestamp(${seconds}000000)`), TIMESTAMP_MS: second.map((seconds) => `make_timestamp(${seconds}000000 + 123000)`),
  TIMESTAMP_NS: fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }).map((seconds) => `make_timestamp_ns(${seconds}000000000 + 123456789)`),
  BIT: fc.constantFrom(`'0101'`, `'1'`), INTERVAL: fc.constant(`'1 month 2 days 00:00:03.000001'`), "ENUM('a', 'b')": fc.constantFrom(`'a'`, `'b'`),
}

/** SQL of a value of a type, NULL now and then. */
function anyValue(type: string): fc.Arbitrary<string> {
  return fc.oneof({ weight: 1, arbitrary: fc.constant('NULL') }, { weight: 6, arbitrary: nodeValue(parseType(type)) }).map((value) => `CAST(${value} AS ${type})`)
}

function nodeValue(type: TypeNode): fc.Arbitrary<string> {
  const valueOf = (inner: TypeNode) => anyValue(printType(inner))
  if (type.kind === 'list') return fc.array(valueOf(type.element), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`)
  if (type.kind === 'struct') return fc.tuple(...type.fields.map((field) => valueOf(field.type))).map((values) => `{${type.fields.map((field, i) => `'${field.name}': ${values[i]}`).join(', ')}}`)
  if (type.kind === 'map') return fc.tuple(nodeValue(type.key), valueOf(type.value)).map(([key, value]) => `MAP{CAST(${key} AS ${printType(type.key)}): ${value}}`)
  if (type.kind === 'decimal') return whole(-(10n ** BigInt(type.precision)) + 1n, 10n ** BigInt(type.precision) - 1n).map((digits) => decimalText(digits, type.scale))
  return Object.entries(VALUES).find(([name]) => canonicalType(name) === printType(type))?.[1] ?? fc.constant('NULL')
}

function decimalText(digits: string, scale: number): string {
  const [sign, rest] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits]
  const padded = rest.padStart(scale + 1, '0')
  return `'${sign}${padded.slice(0, padded.length - scale)}.${padded.slice(padded.length - scale)}'`
}

describe('the type that holds two types', () => {
  it.each([
    ['"NULL"', 'DATE', 'DATE'], ['"NULL"[]', 'INTEGER[]', 'INTEGER[]'], ['"NULL"', '"NULL"', '"NULL"'],
    ['INTEGER', 'BIGINT', 'BIGINT'], ['UTINYINT', 'TINYINT', 'SMALLINT'], ['UINTEGER', 'INTEGER', 'BIGINT'], ['UINTEGER', 'BIGINT', 'BIGINT'], ['UBIGINT', 'TINYINT', 'DECIMAL(20,0)'], ['UINTEGER', 'UBIGINT', 'UBIGINT'],
    ['INTEGER', 'DECIMAL(4,2)', 'DECIMAL(12,2)'], ['BIGINT', 'DECIMAL(38,30)', 'VARCHAR'], ['DECIMAL(10,2)', 'DECIMAL(5,4)', 'DECIMAL(12,4)'], ['DECIMAL(10,2)', 'DOUBLE', 'VARCHAR'], ['DECIMAL(20,0)', 'DOUBLE', 'DOUBLE'],
    ['FLOAT', 'DOUBLE', 'DOUBLE'], ['BIGINT', 'DOUBLE', 'DOUBLE'], ['TINYINT', 'FLOAT', 'DOUBLE'], ['HUGEINT', 'HUGEINT', 'VARCHAR'],
    ['DATE', 'TIMESTAMP', 'TIMESTAMP'], ['TIMESTAMP_S', 'TIMESTAMP_NS', 'TIMESTAMP_NS'], ['TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR'], ['DATE', 'TIME', 'VARCHAR'], ['BOOLEAN', 'INTEGER', 'VARCHAR'], ['JSON', 'VARCHAR', 'VARCHAR'],
    ['STRUCT(b INTEGER, a DATE)', 'STRUCT(b BIGINT, a DATE)', 'STRUCT(b BIGINT, a DATE)'], ['STRUCT(b INTEGER)', 'STRUCT(a DATE, B BIGINT)', 'STRUCT(a DATE, B BIGINT)'], ['STRUCT(a INTEGER)', 'STRUCT(b DATE)', 'STRUCT(a INTEGER, b DATE)'],
    ['INTEGER[]', 'VARCHAR[]', 'VARCHAR[]'], ['INTEGER[3]', 'BIGINT[]', 'BIGINT[]'], ['MAP(INTEGER, DATE)', 'MAP(BIGINT, TIMESTAMP)', 'MAP(BIGINT, TIMESTAMP)'],
    ['INTEGER[]', 'STRUCT(a INTEGER)', 'JSON'], ['STRUCT(a INTEGER)', 'MAP(VARCHAR, INTEGER)', 'JSON'], ['JSON', 'INTEGER[]', 'JSON'], ['INTEGER[]', 'INTEGER', 'VARCHAR'], ['JSON', 'INTEGER', 'VARCHAR'], ['VARIANT', 'INTEGER[]', 'JSON'],
  ])('%s and %s make %s', (a, b, merged) => {
    expect([mergeTypes(a, b), mergeTypes(b, a)]).toEqual([merged, merged])
  })

  it('does not depend on the order of files, nor on how often a type comes', () => {
    fc.assert(fc.property(anyType, anyType, anyType, (a, b, c) => {
      expect(mergeTypes(a, b)).toBe(mergeTypes(b, a))
      expect(mergeTypes(mergeTypes(a, b), c)).toBe(mergeTypes(a, mergeTypes(b, c)))
      expect(mergeTypes(mergeTypes(a, b), a)).toBe(mergeTypes(a, b))
      expect(isKept(keptType(mergeTypes(a, b)))).toBe(true)
    }), { numRuns: 3000 })
  })

  it('does not depend on the order of any three scalars', () => {
    const every = [...scalars, 'DECIMAL(4,1)', 'DECIMAL(20,0)', 'DECIMAL(38,0)', 'DECIMAL(38,38)', 'INTEGER[]'].map((type) => mergeTypes(type, type))
    const broken = every.flatMap((a) => every.flatMap((b) => every.filter((c) => mergeTypes(mergeTypes(a, b), c) !== mergeTypes(a, mergeTypes(b, c))).map((c) => [a, b, c])))
    expect(broken).toEqual([])
  })

  it('loses no value of either type: each comes back, unless the check of small values said otherwise', async () => {
    const engine = await openEngine(new AbortController().signal)
    await fc.assert(fc.asyncProperty(anyType.chain((a) => fc.tuple(fc.constant(a), anyType, anyValue(a))), async ([a, b, value]) => {
      const merged = keptType(mergeTypes(a, b))
      const source = `CAST(${value} AS ${a})`
      const check = exactSql('v', a, merged)
      const [[isExact]] = (await engine.rows(`SELECT ${check ?? 'true'} FROM (SELECT ${source} AS v)`)) as [[boolean]]
      if (!isExact) return
      // of what becomes JSON inside, the test below tells
      const back = castSql('w', merged, a).startsWith('CAST(w') && castSql('v', a, merged).startsWith('CAST(v') ? `CAST(w AS ${a})` : 'v'
      const [[was, is, type]] = (await engine.rows(`SELECT CAST(v AS VARCHAR), CAST(${back} AS VARCHAR), typeof(w) FROM (SELECT v, ${castSql('v', a, merged)} AS w FROM (SELECT ${source} AS v))`)) as [[string | null, string | null, string]]
      expect([type, is], `${value} as ${a} as ${merged}`).toEqual([merged, was])
    }), { numRuns: 600 })
    await engine.close()
  })

  it('tells which values are too large for a wider type that is less exact', async () => {
    const engine = await openEngine(new AbortController().signal)
    const isExact = async (value: string, from: string, to: string) => (await engine.rows(`SELECT ${exactSql('v', from, to)} FROM (SELECT CAST(${value} AS ${from}) AS v)`))[0]?.[0]
    expect(await isExact('9007199254740992', 'BIGINT', 'DOUBLE')).toBe(true)
    expect(await isExact('9007199254740993', 'BIGINT', 'DOUBLE')).toBe(false)
    expect(await isExact('NULL', 'BIGINT', 'DOUBLE')).toBe(true)
    expect(await isExact('18446744073709551615', 'UBIGINT', 'DOUBLE')).toBe(false)
    expect(await isExact(`'infinity'`, 'TIMESTAMP', 'TIMESTAMP_NS')).toBe(true)
    expect(await isExact(`'1500-01-01'`, 'TIMESTAMP', 'TIMESTAMP_NS')).toBe(false)
    expect(await isExact(`'2262-04-12'`, 'DATE', 'TIMESTAMP_NS')).toBe(false)
    expect(await isExact(`{'a': [1, NULL, 9007199254740993]}`, 'STRUCT(a BIGINT[])', 'STRUCT(a DOUBLE[], b INTEGER)')).toBe(false)
    expect(await isExact(`{'a': [], 'm': MAP{1: 2}}`, 'STRUCT(a BIGINT[], m MAP(BIGINT, BIGINT))', 'STRUCT(a DOUBLE[], m MAP(DOUBLE, BIGINT))')).toBe(true)
    expect(isExactOnlyIf('INTEGER', 'DOUBLE')).toBe('always')
    expect(isExactOnlyIf('BIGINT[]', 'DOUBLE[]')).toBe('if-small')
    await engine.close()
  })

  it('writes nested values as JSON where they become text', async () => {
    const engine = await openEngine(new AbortController().signal)
    const text = async (value: string, from: string, to: string) => (await engine.rows(`SELECT ${castSql('v', from, to)} FROM (SELECT CAST(${value} AS ${from}) AS v)`))[0]?.[0]
    expect(await text(`{'a': 'x"y', 'b': NULL}`, 'STRUCT(a VARCHAR, b INTEGER)', 'VARCHAR')).toBe('{"a":"x\\"y","b":null}')
    expect(await text('NULL', 'INTEGER[]', 'VARCHAR')).toBeNull()
    expect(await text(`[{'a': [1]}]`, 'STRUCT(a INTEGER[])[]', 'STRUCT(a VARCHAR)[]')).toEqual([{ a: '[1]' }])
    expect(await text(`{'d': '12345678901234567890123456789.123456789', 'h': 170141183460469231731687303715884105727}`, 'STRUCT(d DECIMAL(38,9), h HUGEINT)', 'VARCHAR')).toBe('{"d":12345678901234567890123456789.123456789,"h":170141183460469231731687303715884105727}')
    expect(await text(`MAP{1: {'l': [1, 2]}}`, 'MAP(INTEGER, STRUCT(l INTEGER[2]))', 'MAP(BIGINT, STRUCT(l JSON, m DATE))')).toEqual([{ key: '1', value: { l: '[1,2]', m: null } }])
    expect(await text(`{'a': 1}`, 'STRUCT(a INTEGER)', 'STRUCT(b INTEGER)')).toEqual({ b: null })
    expect(await text(`{'a': 1}::VARIANT`, 'VARIANT', 'JSON')).toBe('{"a":1}')
    expect(await text('true', 'BOOLEAN', 'VARCHAR')).toBe('true')
    await engine.close()
  })
})
