import { z } from 'zod'
import type { ErrorCode } from '@/lib/core/errors'
import { prisma } from './client'
import { Prisma } from './generated/client'

/** An error as it was kept with a run. */
export const KeptError = z.object({
  // the codes are ours alone, and one that this release does not know is still worth showing
  code: z.custom<ErrorCode>((value) => typeof value === 'string'),
  title: z.string(),
  detail: z.string().nullish().transform((text) => text ?? undefined),
  advice: z.string().nullish().transform((text) => text ?? undefined),
  isRetryable: z.boolean().default(false),
})

/** A run with the names of what it syncs. */
export const RunViewRow = z.object({
  id: z.string(),
  sourceId: z.string(),
  schemaId: z.string(),
  schemaName: z.string(),
  tableName: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  trigger: z.enum(['manual', 'schedule', 'command-line']).catch('manual'),
  isFull: z.boolean(),
  step: z.string().nullable(),
  rowsRead: z.number(),
  bytesRead: z.number(),
  rowsExpected: z.number().nullable(),
  pace: z.string().nullable(),
  attempt: z.number(),
  queuedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  isCancelRequested: z.boolean(),
  /** Does what it brought wait for somebody to decide? */
  isHeld: z.boolean(),
  error: KeptError.nullable().catch(null),
  report: z.unknown(),
})
export type RunViewRow = z.infer<typeof RunViewRow>

/** The columns of RunViewRow, from "SyncRun" as r and "SourceSchema" as s. Counts fit a double exactly up to 2^53. */
const runColumns = Prisma.sql`
  r.id::text, r."sourceId"::text, r."schemaId"::text, s.name AS "schemaName", s."tableName", r.status::text, r.trigger, r."isFull", r.step,
  r."rowsRead"::float8 AS "rowsRead", r."bytesRead"::float8 AS "bytesRead", r."rowsExpected"::float8 AS "rowsExpected", r.pace, r.attempt,
  r."queuedAt", r."startedAt", r."finishedAt", r."cancelRequestedAt" IS NOT NULL AS "isCancelRequested",
  EXISTS (SELECT 1 FROM "HeldVersion" h WHERE h."runId" = r.id) AS "isHeld", r.error, r.report`

export interface RunFilter {
  sourceId?: string
  schemaId?: string
  status?: RunViewRow['status']
  /** Only runs before this one, newest first. */
  before?: { queuedAt: Date; id: string }
  limit: number
}

/** Runs of the workspace, newest first. */
export async function listRunViews(workspaceId: string, filter: RunFilter): Promise<RunViewRow[]> {
  const { sourceId, schemaId, status, before, limit } = filter
  const rows = await prisma().$queryRaw`
    SELECT ${runColumns}
    FROM "SyncRun" r JOIN "SourceSchema" s ON s.id = r."schemaId"
    WHERE r."workspaceId" = ${workspaceId}::uuid
      ${sourceId ? Prisma.sql`AND r."sourceId" = ${sourceId}::uuid` : Prisma.empty}
      ${schemaId ? Prisma.sql`AND r."schemaId" = ${schemaId}::uuid` : Prisma.empty}
      ${status ? Prisma.sql`AND r.status = ${status}::"RunStatus"` : Prisma.empty}
      ${before ? Prisma.sql`AND (r."queuedAt", r.id) < (${before.queuedAt}::timestamptz, ${before.id}::uuid)` : Prisma.empty}
    ORDER BY r."queuedAt" DESC, r.id DESC
    LIMIT ${limit}`
  return z.array(RunViewRow).parse(rows)
}

/** Some runs of the workspace; those that are not its own are left out. */
export async function findRunViews(workspaceId: string, runIds: string[]): Promise<RunViewRow[]> {
  if (runIds.length === 0) return []
  const rows = await prisma().$queryRaw`
    SELECT ${runColumns}
    FROM "SyncRun" r JOIN "SourceSchema" s ON s.id = r."schemaId"
    WHERE r."workspaceId" = ${workspaceId}::uuid AND r.id = ANY(${runIds}::uuid[])`
  return z.array(RunViewRow).parse(rows)
}

/**
 * The queued and running runs of the workspace, running ones first, at most `perSource` of each source (and only of
 * the given sources or schemas): a page never carries thousands of queued runs.
 */
export async function listActiveRunViews(workspaceId: string, where: { sourceIds?: string[]; schemaIds?: string[]; perSource: number }): Promise<RunViewRow[]> {
  const rows = await prisma().$queryRaw`
    SELECT * FROM (
      SELECT ${runColumns}, row_number() OVER (PARTITION BY r."sourceId" ORDER BY r.status DESC, r."startedAt", s.name) AS place
      FROM "SyncRun" r JOIN "SourceSchema" s ON s.id = r."schemaId"
      WHERE r."workspaceId" = ${workspaceId}::uuid AND r.status IN ('queued', 'running')
        ${where.sourceIds ? Prisma.sql`AND r."sourceId" = ANY(${where.sourceIds}::uuid[])` : Prisma.empty}
        ${where.schemaIds ? Prisma.sql`AND r."schemaId" = ANY(${where.schemaIds}::uuid[])` : Prisma.empty}
    ) active
    WHERE place <= ${where.perSource}
    ORDER BY "sourceId", place`
  return z.array(RunViewRow).parse(rows)
}

const LogRow = z.object({ id: z.bigint(), at: z.date(), level: z.enum(['debug', 'info', 'warn', 'error']).catch('info'), message: z.string() })
export type LogRow = z.infer<typeof LogRow>

/** Lines of a run's log after the given one, oldest first. */
export async function listLogViews(workspaceId: string, runId: string, after: bigint, limit: number): Promise<LogRow[]> {
  const rows = await prisma().runLog.findMany({
    where: { workspaceId, runId, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true, at: true, level: true, message: true },
  })
  return z.array(LogRow).parse(rows)
}
