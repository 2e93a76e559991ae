import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import { makeBenchTable, withClient } from '../bench-table'
import { otherTypes, sumsIn, sumsOfSource, whatIsWrong, type Sums } from './right-rows'

const ROWS = 2_000
let source: FreshServerDatabase
let sums: Sums
let connection: DuckDBConnection

/** The source's own rows as text, read with the types that keep all of them; then `change` does to them what a careless program would. */
async function seenAfter(change: string): Promise<string | null> {
  await connection.run(`CREATE OR REPLACE TABLE copied AS FROM right_rows`)
  if (change) await connection.run(change)
  return whatIsWrong(sums, await sumsIn(connection, 'copied'))
}

describe('the rows of a contender are right', () => {
  beforeAll(async () => {
    source = await freshServerDatabase()
    const table = await makeBenchTable(source.url, ROWS)
    await withClient(source.url, (client) => client.query(`update ${table} set note = null, weight = -0.1 where id % 7 = 0`))
    sums = await sumsOfSource(source.url, table)
    const lines = await withClient(source.url, async (client) => (await client.query<{ line: string }>(`select row_to_json(t)::text as line from ${table} t`)).rows)
    connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`SET TimeZone = 'UTC'`)
    await connection.run('CREATE TABLE lines (line VARCHAR)')
    await connection.run(`INSERT INTO lines VALUES ${lines.map(({ line }) => `('${line.replaceAll(`'`, `''`)}')`).join(', ')}`)
    const types = { id: 'BIGINT', customer_id: 'INTEGER', status: 'VARCHAR', amount: 'DECIMAL(12,2)', weight: 'DOUBLE', is_paid: 'BOOLEAN', email: 'VARCHAR', note: 'VARCHAR', ordered_on: 'DATE', updated_at: 'TIMESTAMPTZ' }
    await connection.run(`CREATE TABLE right_rows AS SELECT ${Object.entries(types).map(([name, type]) => `CAST(line->>'${name}' AS ${type}) AS ${name}`).join(', ')} FROM lines`)
  })

  afterAll(() => source.drop())

  it('when they are those of the source, in whatever order and under looser types', async () => {
    expect(await seenAfter('')).toBeNull()
    expect(await seenAfter('CREATE OR REPLACE TABLE copied AS FROM right_rows ORDER BY note')).toBeNull()
    expect(await seenAfter('CREATE OR REPLACE TABLE copied AS SELECT COLUMNS(*)::VARCHAR FROM right_rows')).toBeNull()
    expect(otherTypes(await sumsIn(connection, 'copied'))).toContain('amount VARCHAR')
    expect(await seenAfter('CREATE OR REPLACE TABLE copied AS SELECT * REPLACE (CAST(updated_at AS TIMESTAMP) AS updated_at) FROM right_rows')).toBeNull()
    expect(otherTypes(await sumsIn(connection, 'copied'))).toBe('updated_at TIMESTAMP')
  })

  it.each([
    ['a row that is missing', 'DELETE FROM copied WHERE id = 5', '1,999 rows instead of 2,000'],
    ['a row that came twice', 'INSERT INTO copied FROM right_rows WHERE id = 5', '2,001 rows instead of 2,000'],
    ['another row in place of one', 'UPDATE copied SET id = 99999 WHERE id = 5', 'other values in id, customer_id, status, amount, weight, is_paid, email, note, ordered_on, updated_at'],
    ['a cent', 'UPDATE copied SET amount = amount + 0.01 WHERE id = 5', 'other values in amount'],
    ['the last bit of a float', `UPDATE copied SET weight = weight::FLOAT::DOUBLE WHERE id = 6`, 'other values in weight'],
    ['a microsecond', `UPDATE copied SET updated_at = updated_at + INTERVAL 1 MICROSECOND WHERE id = 5`, 'other values in updated_at'],
    ['a time zone', `UPDATE copied SET updated_at = updated_at + INTERVAL 1 HOUR`, 'other values in updated_at'],
    ['an empty text for NULL', `UPDATE copied SET note = '' WHERE note IS NULL`, 'other values in note'],
    ['a blank', `UPDATE copied SET email = email || ' ' WHERE id = 5`, 'other values in email'],
    ['two values that changed places', `UPDATE copied SET status = (SELECT status FROM right_rows r WHERE r.id = 13 - copied.id) WHERE id IN (6, 7)`, 'other values in status'],
    ['values that were turned round', 'UPDATE copied SET is_paid = NOT is_paid WHERE id IN (3, 4)', 'other values in is_paid'],
    ['a column that is missing', 'ALTER TABLE copied DROP COLUMN note', 'no note'],
  ])('not with %s', async (_, change, words) => {
    expect(await seenAfter(change)).toBe(words)
  })
})
