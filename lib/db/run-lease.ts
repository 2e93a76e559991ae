import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { prisma } from './client'
import { Prisma } from './generated/client'
import type { RunStatus } from './generated/enums'
import type { RunTrigger } from './runs'

// Every time here is the database's: the clocks of two workers need not agree.
// These functions go by run id and fence: they serve the holder of a lease, which no workspace asks for.

/** What the holder of a lease proves itself with. */
export interface Lease {
  runId: string
  fence: number
}

export interface ClaimedRun extends Lease {
  workspaceId: string
  sourceId: string
  schemaId: string
  trigger: RunTrigger
  isFull: boolean
  isVerify: boolean
  isRepair: boolean
  skipsBrake: boolean
  attempt: number
}

/**
 * Take a run that is due, or whose holder let its lease expire; `externalRunId` where a queue outside executes it. One statement, so that of many askers one gets it,
 * and no more are on than their source and their workspace have places (has_place, in the migrations).
 * The fence grows with each claim: whoever held the run before can neither write to it nor commit. Null: somebody else's, or over, or there is no place for it:
 * then it waits again, to be sent when there is one, and its attempt is not counted.
 */
export async function claimRun(runId: string, owner: string, leaseSeconds: number, externalRunId: string | null = null): Promise<ClaimedRun | null> {
  const { perSource, perWorkspace } = limits.places
  const isClaimable = Prisma.sql`run."cancelRequestedAt" IS NULL
      AND ((run."status" = 'queued' AND run."notBefore" <= now()) OR (run."status" = 'running' AND run."leaseExpiresAt" < now()))`
  const [run] = await prisma().$queryRaw<ClaimedRun[]>`
    WITH asked AS MATERIALIZED (
      SELECT "id", has_place("id", "workspaceId", "sourceId", ${perSource}::int, ${perWorkspace}::int) AS "hasPlace"
      FROM "SyncRun" run WHERE "id" = ${runId}::uuid AND ${isClaimable}),
    refused AS (
      UPDATE "SyncRun" run SET "sentAt" = NULL, "externalRunId" = NULL, "fence" = "fence" + 1
      FROM asked WHERE run."id" = asked."id" AND NOT "hasPlace" AND "status" = 'queued')
    UPDATE "SyncRun" run SET
      "status" = 'running', "leaseOwner" = ${owner}, "leaseExpiresAt" = now() + make_interval(secs => ${leaseSeconds}), "heartbeatAt" = now(), "sentAt" = NULL,
      "externalRunId" = ${externalRunId}, "fence" = "fence" + 1, "attempt" = "attempt" + 1, "startedAt" = now(), "step" = NULL, "pace" = NULL, "rowsRead" = 0, "bytesRead" = 0
    FROM asked WHERE run."id" = asked."id" AND "hasPlace" AND ${isClaimable}
    RETURNING run."id" AS "runId", "fence", "workspaceId", "sourceId", "schemaId", "trigger", "isFull", "isVerify", "isRepair", "skipsBrake", "attempt"`
  return run ?? null
}

export interface LeaseProgress {
  step: string | null
  rowsRead: number
  bytesRead: number
  rowsExpected: number | null
  /** How fast the source lets us read, in words. */
  pace: string | null
}

/** Renew the lease and write the progress. Null: the lease is lost. */
export async function renewLease({ runId, fence }: Lease, leaseSeconds: number, progress: LeaseProgress): Promise<{ isCancelRequested: boolean } | null> {
  const expected = progress.rowsExpected === null ? null : Math.max(0, Math.round(progress.rowsExpected))
  const [run] = await prisma().$queryRaw<{ isCancelRequested: boolean }[]>`
    UPDATE "SyncRun" SET
      "leaseExpiresAt" = now() + make_interval(secs => ${leaseSeconds}), "heartbeatAt" = now(), "step" = ${progress.step},
      "rowsRead" = ${progress.rowsRead}::bigint, "bytesRead" = ${progress.bytesRead}::bigint, "rowsExpected" = ${expected}::bigint, "pace" = ${progress.pace}
    WHERE "id" = ${runId}::uuid AND "fence" = ${fence} AND "status" = 'running'
    RETURNING "cancelRequestedAt" IS NOT NULL AS "isCancelRequested"`
  return run ?? null
}

/**
 * The scheduler locks a schema and then meets its run in the unique index; the end of a run changes both too, so it takes
 * the schema first. The other way round the two could wait for each other.
 */
function lockedSchema(runId: string): Prisma.Sql {
  return Prisma.sql`locked AS (
    SELECT "id" FROM "SourceSchema" WHERE "id" = (SELECT "schemaId" FROM "SyncRun" WHERE "id" = ${runId}::uuid) FOR UPDATE)`
}

export interface FinishedRun {
  report: object
  version: number
  rowsRead: number
  bytesRead: number
  /** Does what it read wait for a decision? Then the table is no fresher than before. */
  isHeld?: boolean
  /** When the schema's schedule goes on, if it rested or this run was what was due. */
  nextRunAt: Date
}

/** The run is completed, its schema synced (unless what it read is held) and its schedule awake. False: the lease is lost. */
export async function completeRun({ runId, fence }: Lease, { report, version, rowsRead, bytesRead, isHeld = false, nextRunAt }: FinishedRun): Promise<boolean> {
  const schemas = await prisma().$queryRaw<unknown[]>`
    WITH ${lockedSchema(runId)}, done AS (
      UPDATE "SyncRun" SET "status" = 'completed', "finishedAt" = now(), "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "step" = NULL, "error" = NULL,
        "report" = ${JSON.stringify(report)}::jsonb, "version" = ${version}, "rowsRead" = ${rowsRead}::bigint, "bytesRead" = ${bytesRead}::bigint
      FROM locked WHERE "SyncRun"."id" = ${runId}::uuid AND "schemaId" = locked."id" AND "fence" = ${fence} AND "status" = 'running' RETURNING "schemaId")
    UPDATE "SourceSchema" SET "lastSyncedAt" = CASE WHEN ${isHeld} THEN "lastSyncedAt" ELSE now() END, "pausedReason" = NULL,
      "nextRunAt" = CASE WHEN NOT "enabled" THEN NULL WHEN "nextRunAt" IS NULL OR "nextRunAt" <= now() THEN ${nextRunAt} ELSE "nextRunAt" END
    FROM done WHERE "id" = done."schemaId" RETURNING "id"`
  return schemas.length > 0
}

/** The run failed for good. With a reason, the schedule of its schema rests until a sync succeeds or somebody acts. */
export async function failRun({ runId, fence }: Lease, error: ErrorView, pausedReason: string | null): Promise<boolean> {
  const schemas = await prisma().$queryRaw<unknown[]>`
    WITH ${lockedSchema(runId)}, done AS (
      UPDATE "SyncRun" SET "status" = 'failed', "finishedAt" = now(), "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "error" = ${JSON.stringify(error)}::jsonb
      FROM locked WHERE "SyncRun"."id" = ${runId}::uuid AND "schemaId" = locked."id" AND "fence" = ${fence} AND "status" = 'running' RETURNING "schemaId")
    UPDATE "SourceSchema" SET
      "pausedReason" = COALESCE(${pausedReason}::text, "pausedReason"),
      "nextRunAt" = CASE WHEN ${pausedReason}::text IS NULL THEN "nextRunAt" END
    FROM done WHERE "id" = done."schemaId" RETURNING "id"`
  return schemas.length > 0
}

/** Back into the queue until the delay has passed; the error stays visible meanwhile. */
export async function retryRun({ runId, fence }: Lease, error: ErrorView, delaySeconds: number): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE "SyncRun" SET "status" = 'queued', "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "step" = NULL, "externalRunId" = NULL,
      "notBefore" = now() + make_interval(secs => ${delaySeconds}), "error" = ${JSON.stringify(error)}::jsonb
    WHERE "id" = ${runId}::uuid AND "fence" = ${fence} AND "status" = 'running' AND "cancelRequestedAt" IS NULL`
  return count > 0
}

/** Back into the queue as if it had not been begun: the worker shuts down. */
export async function releaseRun({ runId, fence }: Lease): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE "SyncRun" SET "status" = 'queued', "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "step" = NULL, "externalRunId" = NULL,
      "notBefore" = now(), "attempt" = GREATEST("attempt" - 1, 0)
    WHERE "id" = ${runId}::uuid AND "fence" = ${fence} AND "status" = 'running' AND "cancelRequestedAt" IS NULL`
  return count > 0
}

/** The holder stopped because it was asked to. */
export async function endCancelledRun({ runId, fence }: Lease): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE "SyncRun" SET "status" = 'cancelled', "finishedAt" = now(), "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "error" = NULL
    WHERE "id" = ${runId}::uuid AND "fence" = ${fence} AND "status" = 'running'`
  return count > 0
}

export interface ExpiredRun {
  runId: string
  workspaceId: string
  status: RunStatus
  /** Where it stood outside, in the hands of whom it was taken from. */
  externalRunId: string | null
}

/**
 * Every run whose holder let its lease expire: back into the queue; cancelled where that was asked for; failed with
 * `error` where its holder died as often as a run may be tried, so that a run that kills its worker does not go on for ever.
 * One that stands outside is left for a while to whoever asks over there; one that is being written to, by its holder or by a session that nobody has any
 * more, is left to the next sweep, so that it does not stop this one.
 */
export async function takeExpiredRuns(attempts: number, error: ErrorView, { outsideGraceSeconds = 0 } = {}): Promise<ExpiredRun[]> {
  const isSpent = Prisma.sql`"attempt" >= ${attempts}`
  return prisma().$queryRaw<ExpiredRun[]>`
    WITH expired AS (
      SELECT "id", "externalRunId" FROM "SyncRun" WHERE "status" = 'running'
        AND "leaseExpiresAt" < now() - make_interval(secs => CASE WHEN "externalRunId" IS NULL THEN 0 ELSE ${outsideGraceSeconds} END) FOR UPDATE SKIP LOCKED)
    UPDATE "SyncRun" run SET
      "status" = (CASE WHEN "cancelRequestedAt" IS NOT NULL THEN 'cancelled' WHEN ${isSpent} THEN 'failed' ELSE 'queued' END)::"RunStatus",
      "finishedAt" = CASE WHEN "cancelRequestedAt" IS NOT NULL OR ${isSpent} THEN now() END,
      "error" = CASE WHEN "cancelRequestedAt" IS NULL AND ${isSpent} THEN ${JSON.stringify(error)}::jsonb ELSE "error" END,
      "notBefore" = now(), "leaseOwner" = NULL, "leaseExpiresAt" = NULL, "step" = NULL, "externalRunId" = NULL
    FROM expired WHERE run."id" = expired."id"
    RETURNING run."id" AS "runId", "workspaceId", run."status"::text AS "status", expired."externalRunId"`
}
