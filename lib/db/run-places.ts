import { limits } from '@/lib/core/limits'
import { prisma } from './client'
import { Prisma } from './generated/client'
import type { QueuedRun } from './runs'

// Which runs our own queue gets, so that nobody is starved: a source and a workspace have so many places, taken by runs that are on
// or on their way, and the rest wait here. For the queue: of every workspace. Every time is the database's.
// The conditions are those of the indexes, word by word: no statement reads all runs that wait.

const isTaken = Prisma.sql`("status" = 'running' OR ("status" = 'queued' AND "sentAt" IS NOT NULL))`
const isWaiting = Prisma.sql`"status" = 'queued' AND "sentAt" IS NULL`

/** Ranks are seconds since then, since the queue's numbers have 32 bits. */
const RANKS_SINCE = '2026-01-01T00:00:00Z'

/**
 * The queue's order, among all workspaces: a run comes when it should have begun, but nothing yields for ever, and one that is late is not before
 * those that come now, or a workspace with a thousand late ones would go first all the time. What is sent later is thus never long before what waits.
 */
function rankOf(dueBy: Prisma.Sql, penalty: Prisma.Sql): Prisma.Sql {
  const at = Prisma.sql`GREATEST(now(), LEAST(${dueBy}, now() + make_interval(secs => ${limits.places.longestYieldSeconds})))`
  return Prisma.sql`(extract(epoch FROM ${at} - ${RANKS_SINCE}::timestamptz) + ${penalty})::int`
}

/**
 * Of the workspaces that these runs belong to, the runs that may be sent now; they are marked as sent. A source with few runs on comes before one with many,
 * and in a source the one that should have begun first.
 */
export async function takePlaces(runIds: string[]): Promise<QueuedRun[]> {
  return take(Prisma.sql`SELECT DISTINCT "workspaceId" FROM "SyncRun" WHERE "id" = ANY(${runIds}::uuid[])`, 0)
}

/** The same for these workspaces, of the runs that have waited for so long: nobody may have sent them. */
export async function takeOverduePlaces(workspaceIds: string[], seconds: number): Promise<QueuedRun[]> {
  return take(Prisma.sql`SELECT unnest(${workspaceIds}::uuid[]) AS "workspaceId"`, seconds)
}

function take(workspaces: Prisma.Sql, overdueSeconds: number): Promise<QueuedRun[]> {
  const { perSource, perWorkspace, secondsOfSource, secondsOfWorkspace } = limits.places
  // in a form that no index on it serves: one source's runs are read by the source, however few of all are overdue
  const isOverdue = Prisma.sql`"notBefore" + make_interval(secs => ${overdueSeconds}) <= now()`
  // whoever asked on the command line executes it there, unless that process is gone
  const isOurs = Prisma.sql`("trigger" <> 'command-line' OR "notBefore" + make_interval(secs => ${limits.takeOverEverySeconds}) <= now())`
  return prisma().$queryRaw<QueuedRun[]>`
    WITH RECURSIVE taken AS MATERIALIZED (
      SELECT "workspaceId", "sourceId", count(*)::int AS "count" FROM "SyncRun" WHERE "workspaceId" IN (${workspaces}) AND ${isTaken} GROUP BY 1, 2),
    asked AS MATERIALIZED (
      SELECT "workspaceId", COALESCE(sum("count"), 0)::int AS "count" FROM (${workspaces}) asked LEFT JOIN taken USING ("workspaceId")
      GROUP BY 1 HAVING COALESCE(sum("count"), 0) < ${perWorkspace}),
    source AS (
      SELECT "workspaceId", first."sourceId" FROM asked CROSS JOIN LATERAL (
        SELECT "sourceId" FROM "SyncRun" run WHERE ${isWaiting} AND run."workspaceId" = asked."workspaceId" ORDER BY "sourceId" LIMIT 1) first
      UNION ALL
      SELECT "workspaceId", next."sourceId" FROM source CROSS JOIN LATERAL (
        SELECT "sourceId" FROM "SyncRun" run WHERE ${isWaiting} AND run."workspaceId" = source."workspaceId" AND run."sourceId" > source."sourceId" ORDER BY "sourceId" LIMIT 1) next),
    waiting AS (
      SELECT next.*, source."workspaceId", COALESCE(taken."count", 0) + row_number() OVER (PARTITION BY source."sourceId" ORDER BY next."dueBy", next."id") AS "sourcePlace"
      FROM source LEFT JOIN taken USING ("workspaceId", "sourceId") CROSS JOIN LATERAL (
        SELECT "id", "dueBy" FROM "SyncRun" run
        WHERE ${isWaiting} AND run."workspaceId" = source."workspaceId" AND run."sourceId" = source."sourceId" AND ${isOverdue} AND ${isOurs}
        ORDER BY "dueBy", "id" LIMIT GREATEST(${perSource}::int - COALESCE(taken."count", 0), 0)) next),
    placed AS (
      SELECT waiting.*, asked."count" + row_number() OVER (PARTITION BY "workspaceId" ORDER BY "sourcePlace", "dueBy", "id") AS "place"
      FROM waiting JOIN asked USING ("workspaceId")),
    -- what somebody else is about to send is being sent
    free AS (
      SELECT "id" FROM "SyncRun" WHERE "id" = ANY(ARRAY(SELECT "id" FROM placed WHERE "place" <= ${perWorkspace})) AND ${isWaiting} FOR UPDATE SKIP LOCKED),
    sent AS (
      UPDATE "SyncRun" run SET "sentAt" = now() FROM free JOIN placed USING ("id") WHERE run."id" = free."id"
      RETURNING run."id" AS "runId", run."workspaceId", run."sourceId", run."schemaId", run."fence", run."notBefore", true AS "isDue",
        ${rankOf(Prisma.sql`run."dueBy"`, Prisma.sql`(placed."sourcePlace" - 1) * ${secondsOfSource}::int + (placed."place" - 1) * ${secondsOfWorkspace}::int`)} AS "rank")
    SELECT * FROM sent ORDER BY "rank", "runId"`
}

/** Of these runs, those that wait for a retry: their jobs wait in the queue, and take no place until they are claimed. Their time is rounded up, or a job would come a moment before it may be claimed, again and again. */
export async function listDelayedRuns(runIds: string[]): Promise<QueuedRun[]> {
  return prisma().$queryRaw<QueuedRun[]>`
    SELECT "id" AS "runId", "workspaceId", "sourceId", "schemaId", "fence",
      date_trunc('milliseconds', "notBefore") + interval '1 millisecond' AS "notBefore", false AS "isDue", ${rankOf(Prisma.sql`"notBefore"`, Prisma.sql`0`)} AS "rank"
    FROM "SyncRun" WHERE "id" = ANY(${runIds}::uuid[]) AND "status" = 'queued' AND "notBefore" > now()`
}

/** They did not reach the queue: they wait again. */
export async function returnPlaces(runIds: string[]): Promise<void> {
  await prisma().$executeRaw`UPDATE "SyncRun" SET "sentAt" = NULL WHERE "id" = ANY(${runIds}::uuid[]) AND "status" = 'queued'`
}

/** Runs that the queue has had for so long that their jobs may be lost, the longest first; they are marked as sent again. */
export async function takeSentRuns(seconds: number, limit: number): Promise<QueuedRun[]> {
  return prisma().$queryRaw<QueuedRun[]>`
    WITH stale AS (
      SELECT "id" FROM "SyncRun" WHERE "status" = 'queued' AND "sentAt" IS NOT NULL AND "sentAt" < now() - make_interval(secs => ${seconds})
      ORDER BY "sentAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE "SyncRun" run SET "sentAt" = now() FROM stale WHERE run."id" = stale."id"
    RETURNING run."id" AS "runId", "workspaceId", "sourceId", "schemaId", "fence", "notBefore", true AS "isDue", ${rankOf(Prisma.sql`"dueBy"`, Prisma.sql`0`)} AS "rank"`
}

/** The next workspaces after this one that have runs waiting for a place. */
export async function listWaitingWorkspaces(after: string, limit: number): Promise<string[]> {
  const next = (bound: Prisma.Sql) => Prisma.sql`SELECT "workspaceId" FROM "SyncRun" run WHERE ${isWaiting} AND run."workspaceId" > ${bound} ORDER BY "workspaceId" LIMIT 1`
  const found = await prisma().$queryRaw<{ workspaceId: string }[]>`
    WITH RECURSIVE space AS (
      (SELECT "workspaceId", 1 AS "number" FROM (${next(Prisma.sql`${after}::uuid`)}) first)
      UNION ALL
      SELECT next."workspaceId", "number" + 1 FROM space CROSS JOIN LATERAL (${next(Prisma.sql`space."workspaceId"`)}) next WHERE "number" < ${limit})
    SELECT "workspaceId" FROM space`
  return found.map((each) => each.workspaceId)
}
