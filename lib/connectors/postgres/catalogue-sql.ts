/**
 * The catalogue in a constant number of queries, whatever the number of tables. Nothing here opens a relation,
 * so that no lock of anybody makes discovery wait: sizes come from relpages, not from pg_relation_size.
 */

/** Schemas of the system, of sessions and of extensions that keep their own storage there. */
const OUTSIDE = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^_timescaledb'`

/** $1 a namespace or NULL for all; $2, $3 the namespaces and tables to look at, or NULL for all. */
const WANTED = `
  ${OUTSIDE}
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND ($1::text IS NULL OR n.nspname = $1::text)
  AND ($2::text[] IS NULL OR (n.nspname::text, c.relname::text) IN (SELECT * FROM unnest($2::text[], $3::text[])))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

/** Partitions count for the table at the top of their tree. */
export const RELATIONS = `
  WITH RECURSIVE wanted AS (
    SELECT c.oid, n.nspname::text AS namespace, c.relname::text AS name, c.relkind::text AS kind, c.reltuples, c.relpages, c.reltoastrelid, c.relispopulated, n.oid AS nspoid, c.relrowsecurity
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE ${WANTED}
  ), tree AS (
    SELECT w.oid AS top, w.oid AS member FROM wanted w WHERE w.kind = 'p'
    UNION ALL
    SELECT t.top, i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.member
  ), partitions AS (
    SELECT t.top, bool_and(p.reltuples >= 0) AS is_known, sum(p.reltuples) AS reltuples, sum(p.relpages::bigint + coalesce(o.relpages, 0)) AS pages
    FROM tree t JOIN pg_catalog.pg_class p ON p.oid = t.member LEFT JOIN pg_catalog.pg_class o ON o.oid = p.reltoastrelid
    WHERE p.relkind <> 'p' GROUP BY t.top
  )
  SELECT w.oid, w.namespace, w.name, w.kind,
    CASE WHEN w.kind IN ('v', 'f') THEN NULL
         WHEN w.kind = 'p' THEN CASE WHEN coalesce(p.is_known, true) THEN coalesce(p.reltuples, 0) END
         WHEN w.reltuples >= 0 AND (w.relpages > 0 OR $4::boolean) THEN w.reltuples END::float8 AS rows,
    CASE WHEN w.kind IN ('v', 'f') THEN NULL
         WHEN w.kind = 'p' THEN CASE WHEN coalesce(p.is_known, true) THEN coalesce(p.pages, 0) END
         WHEN w.reltuples >= 0 AND (w.relpages > 0 OR $4::boolean) THEN w.relpages::bigint + coalesce(o.relpages, 0) END::float8 AS pages,
    w.relispopulated AS is_populated,
    has_schema_privilege(w.nspoid, 'USAGE') AS has_usage,
    has_table_privilege(w.oid, 'SELECT') AS has_select,
    w.relrowsecurity AND row_security_active(w.oid) AS is_filtered
  FROM wanted w LEFT JOIN partitions p ON p.top = w.oid LEFT JOIN pg_catalog.pg_class o ON o.oid = w.reltoastrelid
  ORDER BY w.namespace COLLATE "C", w.name COLLATE "C"`

/** $1 the relations. */
export const COLUMNS = `
  SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull,
    CASE WHEN has_table_privilege(a.attrelid, 'SELECT') THEN true ELSE has_column_privilege(a.attrelid, a.attnum, 'SELECT') END
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`

/** $1 the types of the columns; theirs come along: what domains are made over and arrays are made of. */
export const TYPES = `
  WITH RECURSIVE used AS (
    SELECT unnest($1::oid[]) AS oid
    UNION
    SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END
    FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid WHERE t.typtype = 'd' OR t.typelem <> 0
  )
  SELECT t.oid, n.nspname::text AS namespace, t.typname::text AS name, t.typtype::text AS kind,
    CASE WHEN e.typarray = t.oid THEN t.typelem ELSE 0 END AS element,
    t.typbasetype AS base, t.typtypmod AS "baseModifier", t.typnotnull AS "notNull"
  FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem`

/** $1 the relations. The columns of each primary key in order, and the first column of each index that a range can be looked up in. */
export const KEYS = `
  SELECT conrelid AS relation, conkey::int[] AS columns, true AS is_primary
  FROM pg_catalog.pg_constraint WHERE contype = 'p' AND conrelid = ANY ($1::oid[])
  UNION ALL
  SELECT i.indrelid, ARRAY[i.indkey[0]::int], false
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
  WHERE i.indrelid = ANY ($1::oid[]) AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'brin')`

/** What the session is: who, on which server, with which block size and how many decimals money has. */
export const SESSION = `
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionText", current_setting('block_size')::int AS "blockSize",
    scale(1::money::numeric) AS "moneyScale", current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS "isReplica", current_user::text AS "user"`
