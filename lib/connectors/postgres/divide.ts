import type pg from 'pg'
import { z } from 'zod'
import type { Division, DivisionRequest, PartRange } from '../contract'
import { PostgresLocation } from './discover-postgres'
import { quoteIdentifier } from './sql-text'

/** `pages` of the heap in each part; `file`: which file they are of, since a table that was written anew has its rows elsewhere. */
const By = z.object({ pages: z.number().int().positive(), file: z.string() })
type By = z.infer<typeof By>

const Relations = z.array(z.object({ isTop: z.boolean(), kind: z.string(), method: z.string().nullable(), file: z.string().nullable(), pages: z.number(), bytes: z.number() }))

/** $1 the namespace, $2 the table. With what hangs below it: partitions, and tables that inherit from it, are read with it. */
const RELATIONS = `
  WITH RECURSIVE tree AS (
    SELECT c.oid, true AS is_top FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    UNION SELECT i.inhrelid, false FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
  )
  SELECT t.is_top AS "isTop", c.relkind::text AS kind, a.amname::text AS method, pg_catalog.pg_relation_filenode(c.oid)::text AS file,
    coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 / current_setting('block_size')::float8 AS pages, coalesce(pg_catalog.pg_table_size(c.oid), 0)::float8 AS bytes
  FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam`

/**
 * Cut a table by the pages of its heap: whatever its key and the order of its rows, the parts are together one scan from beginning to end. A row that
 * is changed moves to another page, so that parts of two moments may have it twice or not at all. The last part has no end. In words, why it is not
 * possible; null for a table that is small. Inside a transaction, which is as it was afterwards.
 */
export async function divide(client: pg.Client, { location, fromBytes, partBytes, former }: DivisionRequest): Promise<Division | string | null> {
  const { namespace, table } = PostgresLocation.parse(location)
  const relations = Relations.parse((await client.query(RELATIONS, [namespace, table])).rows)
  const bytes = relations.reduce((total, relation) => total + relation.bytes, 0)
  if (bytes < fromBytes && !former) return null
  const refusal = refusalOf(relations) ?? (await encodingRefusal(client)) ?? (await scanRefusal(client, location))
  if (refusal !== null) return refusal
  const top = relations.find(({ isTop }) => isTop)
  const file = top?.kind === 'p' ? '' : (top?.file ?? '')
  if (former && By.parse(former.by).file === file) return former
  const most = Math.max(1, ...relations.map(({ pages }) => pages))
  const pages = Math.ceil(most / Math.max(1, Math.ceil(bytes / partBytes)))
  return { parts: Math.ceil(most / pages), by: { pages, file } satisfies By }
}

/** The pages of parts as a condition. */
export function partCondition({ division, number, count = 1 }: PartRange): string {
  const { pages } = By.parse(division.by)
  const end = number + count
  const from = number > 0 ? [`ctid >= '(${number * pages},0)'::pg_catalog.tid`] : []
  const to = end < division.parts ? [`ctid < '(${end * pages},0)'::pg_catalog.tid`] : []
  return [...from, ...to].join(' AND ') || 'true'
}

function refusalOf(relations: z.infer<typeof Relations>): string | null {
  const top = relations.find(({ isTop }) => isTop)
  if (!top) return 'it is not in the catalogue of its server'
  if (top.kind === 'r' && relations.length > 1) return 'other tables inherit from it, which may have the same keys'
  const other = relations.find(({ kind, method }) => kind !== 'p' && method !== 'heap')
  return other ? `its rows are not kept in pages of a heap (${other.method ?? 'it is a foreign table'})` : null
}

async function encodingRefusal(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`)
  const encoding = rows[0]?.encoding ?? ''
  return encoding === 'UTF8' ? null : `the database keeps its texts in ${encoding}, and what changed meanwhile is found by checksums of UTF8`
}

/** Would the server read the pages of a part alone, and not the whole table for each? It knows best: older ones cannot, and one that only speaks like PostgreSQL may not. */
async function scanRefusal(client: pg.Client, location: DivisionRequest['location']): Promise<string | null> {
  const { namespace, table } = PostgresLocation.parse(location)
  await client.query('SAVEPOINT dividing')
  try {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) SELECT FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)} WHERE ctid < '(1,0)'::pg_catalog.tid`)
    return JSON.stringify(rows).includes('"Tid Range Scan"') ? null : 'the server does not read a range of its pages by itself (PostgreSQL 14 and newer do)'
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    if (!/^(42|0A|22)/.test(code ?? '')) throw error
    await client.query('ROLLBACK TO SAVEPOINT dividing')
    return `the server does not let us read its pages one by one (${message ?? code})`
  }
}
