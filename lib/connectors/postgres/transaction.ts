import type pg from 'pg'
import { limits } from '@/lib/core/limits'
import { quoteLiteral } from './sql-text'

const LOCK_SECONDS = 30

/**
 * With PostgreSQL's own 4 MB, a bitmap of changed rows that lie on more than some 58,000 pages forgets which rows of a page it means, and looks at
 * each of them again: ten times as many as were asked for. This much keeps 466,000 pages, and is taken only by a read that needs it.
 */
const WORK_KILOBYTES = 32 * 1024

/**
 * Begin the one read-only snapshot of a read. Every setting is LOCAL, so that a pooler's next client
 * inherits none of them. Times are in UTC and numbers printed to the last digit, whatever the server's defaults;
 * rows that a policy would hide are an error instead of missing. The search path is left as it is: functions
 * behind a view may rely on it, and each name of ours is written in full.
 * @param snapshot the name of another session's snapshot, to see what it sees
 */
export async function beginReadOnly(client: pg.Client, statementSeconds = 0, snapshot?: string): Promise<void> {
  await client.query(
    [
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      ...(snapshot === undefined ? [] : [`SET TRANSACTION SNAPSHOT ${quoteLiteral(snapshot)}`]), // only before the first query
      `SET LOCAL statement_timeout = ${statementSeconds * 1000}`,
      `SET LOCAL lock_timeout = ${LOCK_SECONDS * 1000}`,
      `SET LOCAL idle_in_transaction_session_timeout = ${limits.sourceIdleSeconds * 1000}`,
      `SET LOCAL application_name = 'tributary'`,
      `SET LOCAL client_encoding = 'UTF8'`,
      `SET LOCAL DateStyle = 'ISO, YMD'`,
      `SET LOCAL IntervalStyle = 'postgres'`,
      `SET LOCAL TimeZone = 'UTC'`,
      `SET LOCAL extra_float_digits = 3`,
      `SET LOCAL bytea_output = 'hex'`,
      `SET LOCAL xmloption = 'content'`,
      `SET LOCAL row_security = off`,
      // from PostgreSQL 17 there is a time for a whole transaction; a long read is no reason to end it
      `SELECT pg_catalog.set_config(name, CASE name WHEN 'work_mem' THEN '${WORK_KILOBYTES}' ELSE '0' END, true) FROM pg_catalog.pg_settings
       WHERE CASE name WHEN 'work_mem' THEN setting::int < ${WORK_KILOBYTES} ELSE name = 'transaction_timeout' END`,
    ].join('; '),
  )
}
