import { z } from 'zod'
import { ColumnChange } from '@/lib/core/column-change'
import { HeldDifference } from '@/lib/core/held-difference'
import { limits } from '@/lib/core/limits'
import { prisma } from './client'
import { Prisma } from './generated/client'
import { Differences, isPastSql, isToldSql, KeptProof } from './proofs'
import { KeptError } from './run-views'

const FrequencyName = z.enum(['five_minutes', 'thirty_minutes', 'hour', 'six_hours', 'twelve_hours', 'day', 'week', 'month'])

/** A source with what its schemas add up to. */
const SourceViewRow = z.object({
  id: z.string(),
  connector: z.string(),
  name: z.string(),
  prefix: z.string(),
  createdAt: z.date(),
  totalSchemas: z.number(),
  enabledSchemas: z.number(),
  syncedSchemas: z.number(),
  failedSchemas: z.number(),
  /** Those whose new version waits for somebody to decide. */
  heldSchemas: z.number(),
  /** Those that the last comparison found different from their source. */
  differingSchemas: z.number(),
  /** Those that were compared at all. */
  comparedSchemas: z.number(),
  filledSchemas: z.number(),
  runningSchemas: z.number(),
  queuedSchemas: z.number(),
  rows: z.number(),
  lastSyncedAt: z.date().nullable(),
  /** Null when the enabled schemas differ or there is none. */
  frequency: FrequencyName.nullable(),
  /** Rows (or schemas) done and expected over the runs of the batch that is under way; null when nothing is known of it. */
  batchRead: z.number().nullable(),
  batchExpected: z.number().nullable(),
  /** The latest failure among the enabled schemas. */
  problem: KeptError.nullable().catch(null),
  problemSchema: z.string().nullable(),
  /** One of those that differ: the one that was compared last. */
  differing: z.object({ schemaName: z.string(), differences: Differences.nullable() }).nullable(),
})
export type SourceViewRow = z.infer<typeof SourceViewRow>

/**
 * Every source of the workspace (or only the given ones) with the sums of its schemas, oldest first, in one query.
 * It reads no JSON of discovery, since that is most of a schema's bytes. The latest run of a schema is one index look-up.
 */
export async function listSourceViews(workspaceId: string, sourceIds?: string[]): Promise<SourceViewRow[]> {
  const only = (column: Prisma.Sql) => (sourceIds ? Prisma.sql`AND ${column} = ANY(${sourceIds}::uuid[])` : Prisma.empty)
  const rows = await prisma().$queryRaw`
    WITH state AS MATERIALIZED (
      SELECT s."sourceId", s.enabled, s.frequency, s."lastSyncedAt", s."currentVersion", v.rows, latest.*,
        h."schemaId" IS NOT NULL AS "isHeld", p."schemaId" IS NOT NULL AS "isCompared", s.enabled AND coalesce(p.outcome = 'differs', false) AS "isDiffering",
        latest.status IN ('queued', 'running') AS "isActive",
        s.enabled AND (latest.status = 'failed' OR (s."pausedReason" IS NOT NULL AND coalesce(latest.status NOT IN ('queued', 'running'), true))) AS "isFailed",
        CASE
          WHEN latest.status NOT IN ('queued', 'running') THEN greatest(latest."rowsRead", 1)
          WHEN latest."rowsExpected" IS NOT NULL THEN latest."rowsExpected"
          WHEN latest."isFull" OR s."currentVersion" IS NULL OR s.method = 'full' THEN (s.discovered->>'rowsEstimate')::numeric
        END AS expected,
        CASE WHEN latest.status IN ('queued', 'running') THEN s.discovered->>'rowsEstimate' IS NULL ELSE false END AS "isUncounted"
      FROM "SourceSchema" s
      LEFT JOIN "TableVersion" v ON v."schemaId" = s.id AND v.number = s."currentVersion"
      LEFT JOIN "HeldVersion" h ON h."schemaId" = s.id
      LEFT JOIN "Proof" p ON p."schemaId" = s.id
      LEFT JOIN LATERAL (
        SELECT r.id AS "runId", r.status, r."queuedAt", r."rowsRead", r."rowsExpected", r."isFull"
        FROM "SyncRun" r WHERE r."schemaId" = s.id ORDER BY r."queuedAt" DESC LIMIT 1
      ) latest ON true
      WHERE s."workspaceId" = ${workspaceId}::uuid ${only(Prisma.sql`s."sourceId"`)}
    ), sums AS (
      SELECT "sourceId", count(*)::int AS "totalSchemas", count(*) FILTER (WHERE enabled)::int AS "enabledSchemas",
        count(*) FILTER (WHERE enabled AND "currentVersion" IS NOT NULL)::int AS "syncedSchemas",
        count("currentVersion")::int AS "filledSchemas",
        count(*) FILTER (WHERE "isFailed")::int AS "failedSchemas", count(*) FILTER (WHERE "isHeld")::int AS "heldSchemas",
        count(*) FILTER (WHERE "isDiffering")::int AS "differingSchemas", count(*) FILTER (WHERE "isCompared")::int AS "comparedSchemas",
        count(*) FILTER (WHERE status = 'running')::int AS "runningSchemas", count(*) FILTER (WHERE status = 'queued')::int AS "queuedSchemas",
        coalesce(sum(rows), 0)::float8 AS rows, max("lastSyncedAt") AS "lastSyncedAt",
        CASE WHEN min(frequency) FILTER (WHERE enabled) = max(frequency) FILTER (WHERE enabled) THEN min(frequency) FILTER (WHERE enabled) END AS frequency,
        min("queuedAt") FILTER (WHERE "isActive") AS "activeSince",
        (max("runId"::text COLLATE "C") FILTER (WHERE "isFailed"))::uuid AS "failedRunId" -- ids of version 7 sort by time
      FROM state GROUP BY "sourceId"
    ), batch AS (
      -- Runs that were asked for together are one batch: the finished ones still count, so that a bar never goes back. Where a source does
      -- not tell beforehand how many rows a schema has, schemas are counted: by rows, each one that starts would throw the bar back.
      SELECT "sourceId",
        CASE WHEN bool_or("isUncounted") THEN sum(CASE WHEN NOT "isActive" THEN 1 WHEN expected > 0 THEN least("rowsRead" / expected, 1) ELSE 0 END)
          ELSE sum(CASE WHEN "isActive" THEN least("rowsRead", expected) ELSE expected END) END::float8 AS "batchRead",
        CASE WHEN NOT bool_or("isUncounted") THEN sum(expected) WHEN bool_or(NOT "isActive" OR expected > 0) THEN count(*) END::float8 AS "batchExpected"
      FROM state JOIN sums USING ("sourceId")
      WHERE "queuedAt" >= "activeSince" - interval '5 seconds' AND (expected > 0 OR "isUncounted")
      GROUP BY "sourceId"
    )
    SELECT src.id::text, src.connector, src.name, src.prefix, src."createdAt",
      coalesce("totalSchemas", 0) AS "totalSchemas", coalesce("enabledSchemas", 0) AS "enabledSchemas", coalesce("syncedSchemas", 0) AS "syncedSchemas",
      coalesce("filledSchemas", 0) AS "filledSchemas", coalesce("failedSchemas", 0) AS "failedSchemas", coalesce("heldSchemas", 0) AS "heldSchemas",
      coalesce("differingSchemas", 0) AS "differingSchemas", coalesce("comparedSchemas", 0) AS "comparedSchemas", coalesce("runningSchemas", 0) AS "runningSchemas", coalesce("queuedSchemas", 0) AS "queuedSchemas",
      coalesce(sums.rows, 0) AS rows, "lastSyncedAt", frequency::text, "batchRead", "batchExpected",
      failed.error AS problem, failed."schemaName" AS "problemSchema", differing.found AS differing
    FROM "Source" src
    LEFT JOIN sums ON sums."sourceId" = src.id
    LEFT JOIN batch ON batch."sourceId" = src.id
    LEFT JOIN LATERAL (SELECT r.error, s.name AS "schemaName" FROM "SyncRun" r JOIN "SourceSchema" s ON s.id = r."schemaId" WHERE r.id = sums."failedRunId") failed ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('schemaName', s.name, 'differences', p.differences) AS found FROM "Proof" p JOIN "SourceSchema" s ON s.id = p."schemaId"
      WHERE sums."differingSchemas" > 0 AND s."sourceId" = src.id AND s.enabled AND p.outcome = 'differs' ORDER BY p.at DESC LIMIT 1
    ) differing ON true
    WHERE src."workspaceId" = ${workspaceId}::uuid ${only(Prisma.sql`src.id`)}
    ORDER BY src."createdAt", src.id`
  return z.array(SourceViewRow).parse(rows)
}

/** A schema with its current version and its latest run. */
const SchemaViewRow = z.object({
  id: z.string(),
  sourceId: z.string(),
  name: z.string(),
  tableName: z.string(),
  kind: z.enum(['table', 'partitioned table', 'view', 'materialised view', 'foreign table', 'list', 'files']).catch('table'),
  tracking: z.enum(['changes', 'listing', 'files']).nullable().catch(null),
  forgets: z.boolean(),
  enabled: z.boolean(),
  method: z.enum(['full', 'incremental']).nullable(),
  replicationKey: z.string().nullable(),
  lookBack: z.number().nullable(),
  primaryKey: z.array(z.string()).catch([]),
  keyColumns: z.array(z.string()),
  columnNames: z.array(z.string()).nullable(),
  columnCount: z.number(),
  frequency: FrequencyName,
  reconcileFrequency: FrequencyName.nullable(),
  reconciledAt: z.date().nullable(),
  isComparable: z.boolean(),
  proves: z.boolean().nullable(),
  /** Of the rows that the table has now; a difference stays until it is disproved. */
  proof: KeptProof.nullable().catch(null),
  rowsEstimate: z.number().nullable(),
  rows: z.number(),
  bytes: z.number(),
  version: z.number().nullable(),
  lastSyncedAt: z.date().nullable(),
  nextRunAt: z.date().nullable(),
  pausedReason: z.string().nullable(),
  /** Why discovery says that it cannot be read. */
  unreadable: KeptError.nullable().catch(null),
  lastStatus: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']).nullable(),
  lastError: KeptError.nullable().catch(null),
  lastRunId: z.string().nullable(),
  brakePercent: z.number().nullable(),
  /** The version that waits for somebody to decide. */
  held: HeldDifference.extend({ runId: z.string() }).nullable(),
  heldAt: z.date().nullable(),
  /** The last version with other columns than the one before, as long as that is news. */
  columnNews: z.object({ version: z.number(), at: z.coerce.date(), changes: z.array(ColumnChange) }).nullable().catch(null),
})
export type SchemaViewRow = z.infer<typeof SchemaViewRow>

export interface SchemaViewFilter {
  sourceId?: string
  schemaIds?: string[]
  /** The schemas of these runs. */
  runIds?: string[]
}

/** Schemas of the workspace by name. */
export async function listSchemaViews(workspaceId: string, where: SchemaViewFilter): Promise<SchemaViewRow[]> {
  const ids = where.schemaIds ?? []
  const runs = where.runIds ?? []
  const byId = Prisma.sql`AND (s.id = ANY(${ids}::uuid[]) OR s.id IN (SELECT "schemaId" FROM "SyncRun" WHERE id = ANY(${runs}::uuid[])))`
  const rows = await prisma().$queryRaw`
    SELECT s.id::text, s."sourceId"::text, s.name, s."tableName", s.discovered->>'kind' AS kind, s.discovered->>'tracking' AS tracking,
      coalesce((s.discovered->>'forgets')::boolean, false) AS forgets, s."reconcileFrequency"::text, s."reconciledAt", coalesce((s.discovered->>'isComparable')::boolean, false) AS "isComparable", s.proves,
      CASE WHEN p."schemaId" IS NOT NULL THEN jsonb_build_object('outcome', p.outcome, 'version', p.version, 'isPast', ${isPastSql}, 'at', p.at, 'rows', p.rows, 'ranges', p.ranges, 'differences', p.differences, 'reconciled', p.reconciled, 'problem', p.problem) END AS proof,
      s.enabled, s.method::text, s."replicationKey", s."lookBack",
      coalesce(s.discovered->'primaryKey', '[]') AS "primaryKey", s."keyColumns", CASE WHEN s."allColumns" THEN NULL ELSE s."columnNames" END AS "columnNames",
      coalesce(jsonb_array_length(nullif(s.discovered->'columns', 'null')), 0) AS "columnCount", s.frequency::text,
      (s.discovered->>'rowsEstimate')::float8 AS "rowsEstimate", coalesce(v.rows, 0)::float8 AS rows, coalesce(v.bytes, 0)::float8 AS bytes,
      s."currentVersion" AS version, s."lastSyncedAt", s."nextRunAt", s."pausedReason", nullif(s.discovered->'problem', 'null') AS unreadable,
      latest.status::text AS "lastStatus", latest.error AS "lastError", latest.id::text AS "lastRunId", s."brakePercent", h."createdAt" AS "heldAt",
      h.difference || jsonb_build_object('runId', h."runId") AS held, news.told AS "columnNews"
    FROM "SourceSchema" s
    LEFT JOIN "TableVersion" v ON v."schemaId" = s.id AND v.number = s."currentVersion"
    LEFT JOIN "Proof" p ON p."schemaId" = s.id AND ${isToldSql}
    LEFT JOIN "HeldVersion" h ON h."schemaId" = s.id
    LEFT JOIN LATERAL (
      SELECT r.id, r.status, CASE WHEN r.status = 'failed' THEN r.error END AS error FROM "SyncRun" r WHERE r."schemaId" = s.id ORDER BY r."queuedAt" DESC LIMIT 1
    ) latest ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('version', t.number, 'at', t."createdAt", 'changes', t."columnChanges") AS told FROM "TableVersion" t
      WHERE t."schemaId" = s.id AND t."columnChanges" IS NOT NULL AND t."createdAt" > now() - ${limits.columnNewsDays} * interval '1 day' ORDER BY t.number DESC LIMIT 1
    ) news ON true
    WHERE s."workspaceId" = ${workspaceId}::uuid
      ${where.sourceId ? Prisma.sql`AND s."sourceId" = ${where.sourceId}::uuid` : byId}
    ORDER BY s.name`
  return z.array(SchemaViewRow).parse(rows)
}

/** The names of a source's schemas, in their order. */
export async function listSchemaNames(workspaceId: string, sourceId: string): Promise<{ id: string; name: string }[]> {
  return prisma().sourceSchema.findMany({ where: { workspaceId, sourceId }, select: { id: true, name: true }, orderBy: { name: 'asc' } })
}
