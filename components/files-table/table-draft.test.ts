import { describe, expect, test } from 'vitest'
import { FilesTableInput } from '@/lib/sources/files-table-schema'
import { CHOSEN_TYPES } from '@/lib/sources/files-schema'
import { chosenTypes } from './chosen-types'
import { formatOf, hasTableError, nameOf, newTableDraft, readingKey, tableErrors, toTableInput, withPattern } from './table-draft'

describe('the name and the format that a pattern tells', () => {
  test.each([
    ['s3://shop/orders/*.csv', 'orders', 'csv'],
    ['s3://shop/orders/year=2026/month=*/*.parquet', 'orders', 'parquet'],
    ['s3://shop/export/Customers Europe.csv.gz', 'customers_europe', 'csv'],
    ['https://storage.googleapis.com/shop/events/**/*.jsonl.zst', 'events', 'json'],
    ['https://example.com/files/rates.xlsx?download=1', 'rates', 'excel'],
    ['s3://shop/lake/orders/_delta_log', undefined, 'delta'],
    ['s3://shop/2026/*', 'shop', undefined],
    ['https://example.com/*.csv', '', 'csv'],
    ['s3://shop/orderItems/**', 'order_items', undefined],
    ['https://example.com/rates.csv?v=1\nhttps://example.com/others.json', 'rates', 'csv'],
    ['https://example.com/a, b.csv, https://example.com/c.csv', 'a_b', 'csv'],
    ['s3://shop/lake/orders/', 'orders', undefined],
  ])('%s', (pattern, name, format) => {
    if (name !== undefined) expect(nameOf(pattern)).toBe(name)
    expect(formatOf(pattern)).toBe(format)
  })

  test('follow the pattern until people say otherwise', () => {
    const draft = withPattern(newTableDraft(), 's3://shop/orders/*.csv')
    expect(draft).toMatchObject({ name: 'orders', settings: { format: 'csv' } })
    expect(withPattern({ ...draft, name: 'mine', isNameTyped: true, isFormatChosen: true }, 's3://shop/items/*.json')).toMatchObject({ name: 'mine', settings: { format: 'csv' } })
  })
})

test.each(['', 'orders', ' Orders ', '_x', '1st', 'a-b', 'größe', 'x'.repeat(128), 'x'.repeat(129), 'a b'])('a table called %j is refused by the form as the server refuses it', (name) => {
  const draft = { ...newTableDraft(), name, pattern: 's3://shop/*' }
  expect(hasTableError(tableErrors(draft, []))).toBe(!FilesTableInput.safeParse(toTableInput(draft)).success)
})

test.each(['', '  ', 's3://a/*', 'x'.repeat(5000), 'x'.repeat(5001)])('a pattern is refused by the form as the server refuses it', (pattern) => {
  const draft = { ...newTableDraft(), name: 'orders', pattern }
  expect(hasTableError(tableErrors(draft, []))).toBe(!FilesTableInput.safeParse(toTableInput(draft)).success)
})

test('two tables of a form cannot have one name, whatever the capitals', () => {
  expect(tableErrors({ name: 'Orders', pattern: 'x' }, ['orders']).name).toBe('There is a table orders already')
})

test('what becomes of changed files is no reason to look at them again, how they are read is', () => {
  const draft = { ...newTableDraft(), pattern: 's3://shop/*' }
  expect(readingKey({ ...draft, settings: { ...draft.settings, changes: 'append', broken: 'set-aside' } })).toBe(readingKey(draft))
  expect(readingKey({ ...draft, settings: { ...draft.settings, csv: { delimiter: ';' } } })).not.toBe(readingKey(draft))
  expect(readingKey({ ...draft, settings: { ...draft.settings, types: { a: 'VARCHAR' } } })).not.toBe(readingKey(draft))
})

test('the menu offers the types that the server names', () => {
  expect(chosenTypes).toEqual([...CHOSEN_TYPES])
})
