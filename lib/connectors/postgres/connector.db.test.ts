import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import { connectorSuite } from '../connector-suite'
import { postgres } from './connector'

const ROWS = 5_000
const PASSWORD = `right-${randomBytes(8).toString('hex')}`
const WRONG = `wrong-${randomBytes(8).toString('hex')}`

let source: FreshServerDatabase
let role: string

beforeAll(async () => {
  source = await freshServerDatabase()
  role = `reader_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`
    CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}';
    CREATE TABLE orders (id bigint PRIMARY KEY, note text, tags text[], photo bytea, amount numeric(12,2), day date, updated_at timestamptz);
    INSERT INTO orders SELECT g, 'line' || chr(10) || '"' || g || '",' || chr(13), ARRAY['a' || g, NULL, '"'], int4send(g), g / 7.0, date '2020-01-01' + g % 900,
      CASE WHEN g % 10 > 0 THEN timestamptz '2024-01-01 00:00:00+00' + g / 100 * interval '1 minute' END FROM generate_series(1, ${ROWS}) g;
    CREATE VIEW recent AS SELECT * FROM orders WHERE id > 100;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
    ANALYZE orders`)
  await client.end()
})

afterAll(async () => {
  await source?.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
})

connectorSuite(postgres, () => {
  const { host, port, database } = source
  const config = { host, port, database, user: role, password: PASSWORD }
  return {
    config,
    wrongSecret: { ...config, password: WRONG },
    secrets: [PASSWORD, WRONG],
    location: { namespace: 'public', table: 'orders' },
    missing: { namespace: 'public', table: 'gone' },
    rows: ROWS,
    // the hundred rows of a minute tie; every tenth has no value
    cursor: { column: 'updated_at', from: '2024-01-01 00:49:00+00', rows: 90 + (ROWS / 10) },
    async held() {
      const rows = await asSuperuser<{ count: number }>(`SELECT count(*)::int FROM pg_stat_activity WHERE usename = $1`, [role])
      return rows[0]?.count ?? -1
    },
  }
})
