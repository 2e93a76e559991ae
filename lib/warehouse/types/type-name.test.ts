import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { openEngine } from '../duckdb'
import { isKept, keptType } from './kept-type'
import { canonicalType } from './type-name'

describe('the text of a type', () => {
  it('comes back as the engine writes it', async () => {
    const engine = await openEngine(new AbortController().signal)
    const written = [
      'BOOLEAN', 'UTINYINT', 'HUGEINT', 'BIGNUM', 'DECIMAL(38,3)', 'TIMESTAMPTZ', 'TIMETZ', 'TIME_NS', 'TIMESTAMP_S', 'BIT', 'INTERVAL', 'VARIANT', 'GEOMETRY', "GEOMETRY('OGC:CRS84')", '"NULL"[]',
      "ENUM('a, b', 'c''d')", 'INTEGER[3][]', 'STRUCT("select" INTEGER, "a""b, (" VARCHAR[], Ä JSON, VALUE DOUBLE)', 'MAP(VARCHAR, STRUCT(a MAP(DATE, UUID))[])',
    ]
    for (const type of written) {
      const [[text]] = (await engine.rows(`SELECT typeof(CAST(NULL AS ${type}))`)) as [[string]]
      expect(canonicalType(text)).toBe(text)
    }
    await engine.close()
  })

  it('has one form for each type', () => {
    expect(canonicalType(' decimal( 4 , 1 ) []')).toBe('DECIMAL(4,1)[]')
    expect(canonicalType('struct(a text, b TimestampTZ)')).toBe('STRUCT(a VARCHAR, b TIMESTAMP WITH TIME ZONE)')
  })

  it.each([
    '', 'INTEGER)', 'INTEGER; DROP TABLE x', 'INTEGER) AS x, (SELECT 1', 'STRUCT(a INTEGER) --', 'STRUCT(INTEGER)', 'STRUCT()', 'STRUCT(a INTEGER, A INTEGER)', 'STRUCT("a INTEGER)',
    'DECIMAL(39,1)', 'DECIMAL(3,4)', 'DECIMAL(0)', 'MAP(INTEGER)', 'MAP(INTEGER, INTEGER, INTEGER)', "ENUM('a)", "GEOMETRY(''; SELECT 1)", 'UNION(a INTEGER)', 'INTEGER[', 'my_type', 'STRUCT("a\0" INTEGER)',
    'INTEGER' + '[]'.repeat(1000),
    'MAP(INTEGER,'.repeat(10_000),
  ])('refuses what is no type: %s', (text) => {
    expect(() => canonicalType(text)).toThrow('type that a table cannot have')
  })
})

describe('the types that are kept', () => {
  const values: [type: string, value: string][] = [
    ...(['TIMESTAMP', 'TIMESTAMPTZ', 'TIMESTAMP_NS', 'DATE'] as const).flatMap((type): [string, string][] => [[type, `'-infinity'`], [type, `'infinity'`]]),
    ['TIMESTAMP_NS', `'2024-01-01 00:00:00.123456789'`], ['TIMESTAMP_S', `'2024-01-01 00:00:01'`], ['TIMESTAMP_MS', `'2024-01-01 00:00:01.123'`], ['UUID', `'6c198d07-1f6c-4f22-a279-0ac96946da33'`],
    ["ENUM('a', 'b')", `'b'`], ['INTEGER[3]', '[1, 2, NULL]'], ['STRUCT("a b" INTEGER, c VARCHAR[])', `{'a b': 1, 'c': ['x', NULL]}`], ['MAP(INTEGER, STRUCT(a TIMESTAMP_NS)[])', `MAP{1: [{'a': '2024-01-01 00:00:00.123456789'}]}`],
    ['INTERVAL', `'1 month 2 days 00:00:03.000001'`], ['HUGEINT', '170141183460469231731687303715884105727'], ['UHUGEINT', '340282366920938463463374607431768211455'], ['TIME', `'24:00:00'`],
    ['TIME_NS', `'12:00:00.123456789'`], ['TIMETZ', `'12:00:00+05:30'`], ['BIT', `'0101'`], ['JSON', `'{"a": 1}'`], ['DECIMAL(38,38)', '0.5'], ['UBIGINT', '18446744073709551615'], ['DOUBLE', `'-0.0'`],
    ['FLOAT', `'nan'`], ['BLOB', `'\\x00\\xFF'`], ['VARCHAR', `'é, "x"'`], ['GEOMETRY', `'POINT (0.1 2)'`], ['BIGNUM', `'1234567890123456789012345678901234567890'`], ['BOOLEAN', 'true'],
  ]
  it.each(values)('%s: Parquet gives %s back unchanged, of itself or of the type that keeps it', async (type, value) => {
    const engine = await openEngine(new AbortController().signal)
    const kept = keptType(type)
    expect(isKept(kept)).toBe(true)
    expect(isKept(type)).toBe(kept === canonicalType(type))
    const file = path.join(dataFolder(), 'kept.parquet')
    await engine.run(`COPY (SELECT CAST(CAST(${value} AS ${type}) AS ${kept}) AS v) TO '${file}' (FORMAT parquet)`)
    const [[was, is, back, found]] = (await engine.rows(`SELECT CAST(CAST(${value} AS ${type}) AS VARCHAR), CAST(CAST(v AS ${type}) AS VARCHAR), CAST(v AS VARCHAR), typeof(v) FROM read_parquet('${file}')`)) as [[string, string, string, string]]
    expect({ is, found }).toEqual({ is: was, found: kept })
    expect(back).not.toBe('')
    await engine.close()
  })
})
