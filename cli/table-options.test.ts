import { describe, expect, test } from 'vitest'
import { parseTables } from './table-options'
import { UsageError } from './terminal'

describe('--table', () => {
  test('takes the format from the pattern, from --format, and from a --format of its own, in this order', () => {
    const tables = parseTables({ table: ['orders=s3://b/orders/*.csv.gz', 'events=s3://b/events/*', 'rates=s3://b/rates/*'], format: ['json', 'rates=csv'] })
    expect(tables.map(({ name, settings }) => [name, settings.format])).toEqual([['orders', 'json'], ['events', 'json'], ['rates', 'csv']])
    expect(parseTables({ table: ['orders=s3://b/orders/*.csv.gz'] })[0]?.settings).toMatchObject({ format: 'csv', changes: 'mirror', broken: 'fail' })
  })

  test('keeps every = of a pattern', () => {
    expect(parseTables({ table: ['orders=s3://b/year=2026/*.parquet'] })[0]).toMatchObject({ name: 'orders', pattern: 's3://b/year=2026/*.parquet' })
  })

  test('takes --settings for all tables, or for one', () => {
    const [orders, events] = parseTables({ table: ['orders=s3://b/o/*', 'events=s3://b/e/*'], settings: ['{"changes": "append"}', 'orders={"csv": {"delimiter": ";"}}'] })
    expect(orders?.settings).toMatchObject({ csv: { delimiter: ';' }, changes: 'mirror' })
    expect(events?.settings).toMatchObject({ csv: {}, changes: 'append' })
  })

  test.each([
    [{ table: ['orders'] }],
    [{ table: ['=s3://b/*'] }],
    [{ table: ['orders='] }],
    [{ table: ['a-b=s3://b/*'] }],
    [{ table: ['a=s3://b/*', 'a=s3://c/*'] }],
    [{ table: ['a=s3://b/*'], format: ['avro'] }],
    [{ table: ['a=s3://b/*'], settings: ['{'] }],
    [{ table: ['a=s3://b/*'], settings: ['{"changes": "sometimes"}'] }],
    [{ format: ['csv'] }],
  ])('%j is wrong usage', (options) => {
    expect(() => parseTables(options)).toThrow(UsageError)
  })
})
