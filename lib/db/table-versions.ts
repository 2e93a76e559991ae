import { z } from 'zod'
import { ColumnChange } from '@/lib/core/column-change'
import { prisma } from './client'
import { Trigger } from './runs'

/** The numbers of a run's report that a list of versions shows. */
const Told = z.object({ inserted: z.number(), updated: z.number(), deleted: z.number(), fullReason: z.string().nullable().catch(null), method: z.enum(['full', 'incremental']).nullable().catch(null) })

export interface TableVersionRow {
  number: number
  kind: 'sync' | 'compaction' | 'rollback'
  isCurrent: boolean
  createdAt: Date
  rows: number
  bytes: number
  /** The run that made it; null for a rollback, and when the run is no longer remembered. */
  runId: string | null
  trigger: z.infer<typeof Trigger> | null
  told: z.infer<typeof Told> | null
  restored: number | null
  actor: string | null
  /** What it has otherwise in its columns than the version before. */
  columnChanges: ColumnChange[]
}

const Row = z.object({
  number: z.number(),
  kind: z.enum(['sync', 'compaction', 'rollback']),
  isCurrent: z.boolean(),
  createdAt: z.date(),
  rows: z.bigint().transform(Number),
  bytes: z.bigint().transform(Number),
  runId: z.string().nullable(),
  trigger: Trigger.nullable(),
  told: Told.nullable().catch(null),
  restored: z.number().nullable(),
  actor: z.string().nullable(),
  columnChanges: z.array(ColumnChange).nullable().catch(null).transform((changes) => changes ?? []),
})

/** The kept versions of a table with what made each of them, newest first. */
export async function listTableVersionRows(workspaceId: string, schemaId: string): Promise<TableVersionRow[]> {
  const rows = await prisma().$queryRaw`
    SELECT v."number", v."kind", v."number" = s."currentVersion" AS "isCurrent", v."createdAt", v."rows", v."bytes", r."id"::text AS "runId", r."trigger", v."restored", v."actor", v."columnChanges",
      jsonb_build_object('inserted', r."report"->'inserted', 'updated', r."report"->'updated', 'deleted', r."report"->'deleted', 'fullReason', r."report"->'fullReason', 'method', r."report"->'method') AS told
    FROM "TableVersion" v JOIN "SourceSchema" s ON s."id" = v."schemaId" LEFT JOIN "SyncRun" r ON r."id" = v."runId" AND r."workspaceId" = v."workspaceId"
    WHERE v."workspaceId" = ${workspaceId}::uuid AND v."schemaId" = ${schemaId}::uuid ORDER BY v."number" DESC`
  return z.array(Row).parse(rows)
}

/** The bytes of a table's files that its current version does not read. */
export async function sumOldBytes(workspaceId: string, schemaId: string): Promise<number> {
  const [row] = await prisma().$queryRaw<{ bytes: number }[]>`
    SELECT COALESCE(sum(old."bytes"), 0)::float8 AS "bytes" FROM (
      SELECT DISTINCT f."path", f."bytes" FROM "TableFile" f WHERE f."schemaId" = ${schemaId}::uuid AND f."workspaceId" = ${workspaceId}::uuid
        AND NOT EXISTS (SELECT 1 FROM "TableFile" live WHERE live."path" = f."path" AND live."removedIn" IS NULL)) old`
  return row?.bytes ?? 0
}

export interface VersionTime {
  schemaId: string
  number: number
  createdAt: Date
  isCurrent: boolean
}

/** When each kept version of the tables became the current one, oldest first. */
export async function listVersionTimes(workspaceId: string, schemaIds: string[]): Promise<VersionTime[]> {
  return prisma().$queryRaw<VersionTime[]>`
    SELECT v."schemaId"::text AS "schemaId", v."number", v."createdAt", v."number" = s."currentVersion" AS "isCurrent"
    FROM "TableVersion" v JOIN "SourceSchema" s ON s."id" = v."schemaId"
    WHERE s."workspaceId" = ${workspaceId}::uuid AND v."schemaId" = ANY(${schemaIds}::uuid[]) ORDER BY v."schemaId", v."number"`
}

/**
 * Keep versions for a reader, also when they are past their retention by now: whoever forgets versions leaves them alone for so long. Gives those that are
 * still there; a version that is not among them was forgotten a moment before.
 */
export async function holdVersions(workspaceId: string, versions: { schemaId: string; number: number }[], minutes: number): Promise<{ schemaId: string; number: number }[]> {
  return prisma().$queryRaw<{ schemaId: string; number: number }[]>`
    UPDATE "TableVersion" v SET "heldUntil" = GREATEST(v."heldUntil", now() + ${minutes} * interval '1 minute')
    FROM unnest(${versions.map(({ schemaId }) => schemaId)}::uuid[], ${versions.map(({ number }) => number)}::int[]) AS wanted("schemaId", "number")
    WHERE v."schemaId" = wanted."schemaId" AND v."number" = wanted."number" AND v."workspaceId" = ${workspaceId}::uuid
    RETURNING v."schemaId"::text AS "schemaId", v."number"`
}

const ChangedRow = z.object({ number: z.number(), createdAt: z.date(), columnChanges: z.array(ColumnChange).catch([]) })

/** The kept versions of a table that have other columns than the one before, oldest first. */
export async function listColumnChanges(workspaceId: string, schemaId: string): Promise<z.infer<typeof ChangedRow>[]> {
  const rows = await prisma().$queryRaw`
    SELECT "number", "createdAt", "columnChanges" FROM "TableVersion"
    WHERE "workspaceId" = ${workspaceId}::uuid AND "schemaId" = ${schemaId}::uuid AND "columnChanges" IS NOT NULL ORDER BY "number"`
  return z.array(ChangedRow).parse(rows)
}
