import type { ErrorView } from '@/lib/core/errors'
import { prisma } from './client'
import { Prisma } from './generated/client'
import type { QueuedRun } from './runs'

// A run that a queue outside executes. Its row stays the truth; here is what is known of its other end.
// For the queue: by run id, of every workspace. Every time is the database's.

/**
 * What may be handed over now, of the workspaces that these runs belong to: their next runs in the order of rank, as many as
 * a workspace may have outside at once, whichever were asked for; and of the asked ones those that wait for a retry, whose
 * clock ticks outside.
 */
export async function listSendableRuns(runIds: string[], perWorkspace: number): Promise<QueuedRun[]> {
  return prisma().$queryRaw<QueuedRun[]>`
    WITH active AS (
      SELECT *, (row_number() OVER (PARTITION BY "sourceId" ORDER BY "queuedAt", "id") - 1)::int AS "rank"
      FROM "SyncRun" WHERE "status" IN ('queued', 'running')
        AND "workspaceId" IN (SELECT "workspaceId" FROM "SyncRun" WHERE "id" = ANY(${runIds}::uuid[]))),
    placed AS (
      SELECT "id", row_number() OVER (PARTITION BY "workspaceId" ORDER BY ("status" = 'running' OR "externalRunId" IS NOT NULL) DESC, "rank", "queuedAt", "id") AS "place"
      FROM active WHERE "status" = 'running' OR "notBefore" <= now())
    SELECT active."id" AS "runId", "workspaceId", "sourceId", "schemaId", "fence", "notBefore", "notBefore" <= now() AS "isDue", "rank"
    FROM active LEFT JOIN placed USING ("id")
    WHERE "status" = 'queued' AND "externalRunId" IS NULL
      AND ("place" <= ${perWorkspace} OR ("notBefore" > now() AND active."id" = ANY(${runIds}::uuid[])))
    ORDER BY "rank", "queuedAt"`
}

/** It is handed over. One that changed hands since it was listed says itself where it is. */
export async function saveExternalRun(runId: string, fence: number, externalRunId: string): Promise<void> {
  await prisma().$executeRaw`
    UPDATE "SyncRun" SET "externalRunId" = ${externalRunId}, "externalSentAt" = now(), "externalCheckedAt" = now(),
      "error" = CASE WHEN "error"->>'isOfQueue' = 'true' THEN NULL ELSE "error" END
    WHERE "id" = ${runId}::uuid AND "fence" = ${fence} AND "status" = 'queued'`
}

export async function findExternalRunId(runId: string): Promise<string | null> {
  const run = await prisma().syncRun.findUnique({ where: { id: runId }, select: { externalRunId: true } })
  return run?.externalRunId ?? null
}

/**
 * Runs that could not be handed over: the reason is shown with them while they wait. They end as failed when trying again is of no
 * use, and when it was tried for too long; waiting for a turn is not counted. The schedule of a schema goes on, since the schema is not
 * what is wrong. Gives how many ended.
 */
export async function noteUnsentRuns(runIds: string[], error: ErrorView, giveUpMinutes: number): Promise<number> {
  const since = Prisma.sql`COALESCE(("error"->>'unsentSince')::timestamptz, now())`
  const isOver = error.isRetryable ? Prisma.sql`${since} < now() - make_interval(mins => ${giveUpMinutes})` : Prisma.sql`true`
  const runs = await prisma().$queryRaw<{ isOver: boolean }[]>`
    UPDATE "SyncRun" SET "error" = ${JSON.stringify({ ...error, isOfQueue: true })}::jsonb || jsonb_build_object('unsentSince', ${since}),
      "status" = (CASE WHEN ${isOver} THEN 'failed' ELSE 'queued' END)::"RunStatus", "finishedAt" = CASE WHEN ${isOver} THEN now() END
    WHERE "id" = ANY(${runIds}::uuid[]) AND "status" = 'queued' AND "externalRunId" IS NULL
    RETURNING "status" = 'failed' AS "isOver"`
  return runs.filter((run) => run.isOver).length
}

/**
 * Of each workspace that may have more outside, a run that is due and was never handed over, the longest waiting first: for the next sweep.
 * Workspaces that have their share outside already are passed over, however many they are.
 */
export async function listUnsentRunIds(seconds: number, perWorkspace: number): Promise<string[]> {
  const runs = await prisma().$queryRaw<{ id: string }[]>`
    WITH unsent AS (
      SELECT DISTINCT ON ("workspaceId") "id", "workspaceId", "notBefore" FROM "SyncRun"
      WHERE "status" = 'queued' AND "externalRunId" IS NULL AND "notBefore" < now() - make_interval(secs => ${seconds})
      ORDER BY "workspaceId", "notBefore"),
    outside AS (
      SELECT "workspaceId", count(*) AS "count" FROM "SyncRun"
      WHERE "status" = 'running' OR ("status" = 'queued' AND "externalRunId" IS NOT NULL AND "notBefore" <= now()) GROUP BY 1)
    SELECT "id" FROM unsent LEFT JOIN outside USING ("workspaceId")
    WHERE COALESCE(outside."count", 0) < ${perWorkspace} ORDER BY "notBefore" LIMIT 1000`
  return runs.map((run) => run.id)
}

export interface DoubtfulRun {
  runId: string
  workspaceId: string
  status: 'queued' | 'running'
  externalRunId: string
  attempt: number
  /** Since it was due and outside. */
  waitedMinutes: number
}

/**
 * Runs that stand outside and should be on, but are not: due and not begun, or begun and without a living lease. Each is given
 * to one asker, and again after a while.
 */
export async function takeDoubtfulRuns({ doubtSeconds, checkEverySeconds, limit }: { doubtSeconds: number; checkEverySeconds: number; limit: number }): Promise<DoubtfulRun[]> {
  return prisma().$queryRaw<DoubtfulRun[]>`
    WITH doubtful AS (
      SELECT "id" FROM "SyncRun"
      WHERE "externalRunId" IS NOT NULL AND (
        ("status" = 'queued' AND "notBefore" < now() - make_interval(secs => ${doubtSeconds}) AND "externalCheckedAt" < now() - make_interval(secs => ${checkEverySeconds}))
        OR ("status" = 'running' AND "leaseExpiresAt" < now()))
      ORDER BY "status" = 'running' DESC, "externalCheckedAt" NULLS FIRST LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE "SyncRun" SET "externalCheckedAt" = now() FROM doubtful WHERE "SyncRun"."id" = doubtful."id"
    RETURNING "SyncRun"."id" AS "runId", "workspaceId", "status"::text AS "status", "externalRunId", "attempt",
      (extract(epoch FROM now() - GREATEST("notBefore", "externalSentAt")) / 60)::float8 AS "waitedMinutes"`
}

/** Words for a run that still waits outside; none when all is well again. */
export async function noteWaitingRun({ runId, externalRunId }: Pick<DoubtfulRun, 'runId' | 'externalRunId'>, error: ErrorView | null): Promise<void> {
  const words = error ? JSON.stringify({ ...error, isOfQueue: true }) : null
  await prisma().$executeRaw`
    UPDATE "SyncRun" SET "error" = ${words}::jsonb
    WHERE "id" = ${runId}::uuid AND "externalRunId" = ${externalRunId} AND "status" = 'queued' AND (${error !== null} OR "error"->>'isOfQueue' = 'true')`
}

export interface ExternalEnd {
  status: 'queued' | 'failed' | 'cancelled'
  error: ErrorView | null
  /** For a run that waits again. */
  delaySeconds: number
  /** It was tried, though it never began here. */
  isAttempt: boolean
}

/** The other end is over and said nothing here. False: meanwhile it did, or the run is somebody else's. */
export async function endExternalRun({ runId, externalRunId, status }: Pick<DoubtfulRun, 'runId' | 'externalRunId' | 'status'>, end: ExternalEnd): Promise<boolean> {
  const error = end.error ? JSON.stringify(end.error) : null
  const count = await prisma().$executeRaw`
    UPDATE "SyncRun" SET "status" = ${end.status}::"RunStatus", "finishedAt" = CASE WHEN ${end.status} = 'queued' THEN NULL ELSE now() END,
      "error" = ${error}::jsonb, "notBefore" = now() + make_interval(secs => ${end.delaySeconds}), "fence" = "fence" + 1,
      "attempt" = "attempt" + ${end.isAttempt ? 1 : 0}, "externalRunId" = NULL, "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "step" = NULL
    WHERE "id" = ${runId}::uuid AND "externalRunId" = ${externalRunId} AND "status" = ${status}::"RunStatus"
      AND ("status" = 'queued' OR "leaseExpiresAt" < now())`
  return count > 0
}
