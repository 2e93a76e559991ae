import pg from 'pg'
import { expect, test } from 'vitest'
import type { KeyRange } from '@/lib/core/key-range'
import { freshServerDatabase } from '@/test/database'
import type { SourceColumn } from '../contract'
import { summarySql } from './summarise'

const column = (name: string, type: string, sourceType: string): SourceColumn => ({ name, type, sourceType, encoding: 'plain', nullable: true })

test('the server spreads the hashes of all ranges over its parallel workers', async () => {
  const source = await freshServerDatabase()
  const client = new pg.Client({ connectionString: source.url })
  await client.connect()
  try {
    await client.query(`CREATE TABLE t (id bigint PRIMARY KEY, name text); INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 50000) n; ANALYZE t`)
    await client.query('SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0')
    const id = column('id', 'BIGINT', 'bigint')
    const cuts = Array.from({ length: 255 }, (_, cut) => [String(cut * 190)])
    const ranges = [null, ...cuts].map((from, index): KeyRange => ({ from, to: cuts[index] ?? null }))
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${summarySql({ location: { namespace: 'public', table: 't' }, columns: [id, column('name', 'VARCHAR', 'text')], key: [id], ranges }, 160_000)}`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Partial HashAggregate[\s\S]*Parallel Seq Scan on t/)
  } finally {
    await client.end()
    await source.drop()
  }
})
