import { expect, test } from 'vitest'
import type { SourceColumn } from '../contract'
import { BATCH_BYTES, countRows, failure, onlyBytes, type Suite, type SuiteSource } from './suite'
import { shortened } from './tracked-table'

/** A source that is followed by a replication key, on which rows tie. */
export interface KeyedSource extends SuiteSource {
  /** A cursor that several rows share, and how many rows are at or above it or NULL. */
  cursor: { from: string; rows: number; column: string }
}

/** What holds for `bytes` batches and reads since a cursor. */
export function bytesTests<Config>(suite: Suite<Config, KeyedSource>): void {
  batchTests(suite)
  cursorTests(suite)
}

function batchTests<Config>(suite: Suite<Config, KeyedSource>): void {
  const { source } = suite

  test('batches are cut at row ends and hold every row once', async () => {
    const schema = await suite.discoverOne()
    const batches = onlyBytes(await suite.read(schema))
    expect(batches.length, `Batches of a read that asks for ${BATCH_BYTES} bytes each`).toBeGreaterThan(1)
    for (const [index, { bytes, rows }] of batches.entries()) {
      const parsed = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
      expect(parsed.length, `Rows in the bytes of batch ${index}, against its \`rows\``).toBe(rows)
      for (const row of parsed) expect(row.length, `Fields of a row of batch ${index}: one for each of ${schema.columns.map(({ name }) => name).join(', ')}`).toBe(schema.columns.length)
    }
    for (const { bytes } of batches.slice(0, -1)) expect(bytes.length).toBeGreaterThanOrEqual(BATCH_BYTES)
    expect(countRows(batches)).toBe(source().rows)
  })

  test('columns come in the order asked for, each as its encoding promises', async () => {
    const schema = await suite.discoverOne()
    const columns = schema.columns.toReversed()
    const rows = onlyBytes(await suite.read(schema, { columns })).flatMap(({ bytes }) => parseCsv(new TextDecoder().decode(bytes)))
    expect(rows.length).toBe(source().rows)
    const broken = rows.flatMap((row) => columns.flatMap((column, index) => (isEncoded(row[index] ?? null, column) ? [] : [`${column.name} (${column.type}, ${column.encoding}): ${row[index]}`])))
    expect(shortened(broken), 'Values that are not as the encodings of their columns promise').toEqual([])
  })
}

function cursorTests<Config>(suite: Suite<Config, KeyedSource>): void {
  const { source } = suite

  test('a read since a cursor has the rows that share it, and those without a value', async () => {
    const { column, from, rows } = source().cursor
    expect(countRows(await suite.read(await suite.discoverOne(), { since: { column, from } }))).toBe(rows)
  })

  test('a hostile cursor fails in words and changes nothing', async () => {
    const schema = await suite.discoverOne()
    const { column } = source().cursor
    for (const from of [`'; DROP TABLE x; --`, `\\'; SELECT 1; --`, `') OR ('1'='1`, '\0', '']) {
      const error = await failure(suite.read(schema, { since: { column, from } }))
      expect(error.title).toBeTruthy()
      expect(error.code).not.toBe('internal')
    }
    expect(countRows(await suite.read(schema))).toBe(source().rows)
  })
}

/** The CSV of the contract and nothing looser; NULL for an unquoted \N. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))([,\n])/gy
  while (field.lastIndex < text.length) {
    const match = field.exec(text)
    if (!match) throw new Error('A batch is not the CSV of the contract')
    const [, quoted, bare, end] = match
    row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : bare === '\\N' ? null : (bare ?? ''))
    if (end === '\n') {
      rows.push(row)
      row = []
    }
  }
  if (row.length) throw new Error('A batch ends inside a row')
  return rows
}

function isEncoded(text: string | null, { encoding, nullable }: SourceColumn): boolean {
  if (text === null) return nullable
  if (encoding === 'hex') return /^\\x([0-9a-f]{2})*$/i.test(text)
  if (encoding !== 'json-list') return true
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) && list.every((element) => element === null || typeof element === 'string')
}
