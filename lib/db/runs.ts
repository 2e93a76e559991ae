import { z } from 'zod'
import { toErrorView, type ErrorCode, type ErrorView } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { prisma } from './client'
import type { Prisma } from './generated/client'
import type { RunStatus } from './generated/enums'

export type RunTrigger = 'manual' | 'schedule' | 'command-line'

export interface RunRow {
  id: string
  workspaceId: string
  sourceId: string
  schemaId: string
  status: RunStatus
  trigger: RunTrigger
  isFull: boolean
  isVerify: boolean
  isRepair: boolean
  /** Is what it brings published, whatever it changes? */
  skipsBrake: boolean
  step: string | null
  rowsRead: number
  bytesRead: number
  rowsExpected: number | null
  /** How fast the source lets us read, in words. */
  pace: string | null
  attempt: number
  queuedAt: Date
  notBefore: Date
  startedAt: Date | null
  finishedAt: Date | null
  leaseExpiresAt: Date | null
  isCancelRequested: boolean
  error: ErrorView | null
  /** SyncReport of pipeline/types.ts. */
  report: unknown
  version: number | null
}

/** What somebody asked of a run beyond a sync. */
export interface RunWish {
  /** Read everything again, whatever the sync method. */
  isFull: boolean
  /** Compare the table with its source, whatever its settings say. */
  isVerify?: boolean | undefined
  /** And fetch what differs. */
  isRepair?: boolean | undefined
  /** Publish what it brings, whatever it changes. */
  skipsBrake?: boolean | undefined
}

export const Trigger = z.enum(['manual', 'schedule', 'command-line']).catch('manual')

const StoredError = z.object({
  code: z.string().transform((code) => code as ErrorCode),
  title: z.string(),
  detail: z.string().optional(),
  advice: z.string().optional(),
  isRetryable: z.boolean(),
}) satisfies z.ZodType<ErrorView>

/** The error of a run as it was stored; one that cannot be read is shown as a failure without words. */
export function storedError(stored: unknown): ErrorView | null {
  if (stored === null || stored === undefined) return null
  const read = StoredError.safeParse(stored)
  return read.success ? read.data : toErrorView(read.error)
}

type PrismaRun = Prisma.SyncRunGetPayload<object>

function toRow(run: PrismaRun): RunRow {
  const { rowsRead, bytesRead, rowsExpected, cancelRequestedAt, trigger, error, leaseOwner: _owner, heartbeatAt: _beat, fence: _fence, externalRunId: _there, externalSentAt: _sent, externalCheckedAt: _checked, dueBy: _due, sentAt: _handed, ...rest } = run
  return {
    ...rest,
    trigger: Trigger.parse(trigger),
    rowsRead: Number(rowsRead),
    bytesRead: Number(bytesRead),
    rowsExpected: rowsExpected === null ? null : Number(rowsExpected),
    isCancelRequested: cancelRequestedAt !== null,
    error: storedError(error),
  }
}

export async function findRun(workspaceId: string, runId: string): Promise<RunRow | null> {
  const run = await prisma().syncRun.findFirst({ where: { id: runId, workspaceId } })
  return run && toRow(run)
}

export async function listRuns(workspaceId: string, runIds: string[]): Promise<RunRow[]> {
  const runs = await prisma().syncRun.findMany({ where: { workspaceId, id: { in: runIds } } })
  return runs.map(toRow)
}

/** The queued and running runs of the schemas; at most one each. */
export async function listActiveRuns(workspaceId: string, schemaIds: string[]): Promise<RunRow[]> {
  const runs = await prisma().syncRun.findMany({ where: { workspaceId, schemaId: { in: schemaIds }, status: { in: ['queued', 'running'] } } })
  return runs.map(toRow)
}

/** The newest run of each schema that has one. */
export async function listLastRuns(workspaceId: string, schemaIds: string[]): Promise<RunRow[]> {
  const newest = await prisma().$queryRaw<{ id: string }[]>`
    SELECT DISTINCT ON ("schemaId") "id" FROM "SyncRun"
    WHERE "workspaceId" = ${workspaceId}::uuid AND "schemaId" = ANY(${schemaIds}::uuid[])
    ORDER BY "schemaId", "queuedAt" DESC, "id" DESC`
  return listRuns(workspaceId, newest.map((run) => run.id))
}

/**
 * A queued run for each schema that has no active one: the partial unique index decides, so that two askers
 * at once get one run. Gives the runs that were made.
 */
export async function insertRuns(workspaceId: string, schemaIds: string[], { isFull, trigger, isVerify = false, isRepair = false, skipsBrake = false }: RunWish & { trigger: RunTrigger }): Promise<{ id: string; schemaId: string }[]> {
  const ids = schemaIds.map(() => newId())
  return prisma().$queryRaw<{ id: string; schemaId: string }[]>`
    INSERT INTO "SyncRun" ("id", "workspaceId", "sourceId", "schemaId", "trigger", "isFull", "isVerify", "isRepair", "skipsBrake")
    SELECT wanted.id, schema."workspaceId", schema."sourceId", schema."id", ${trigger}, ${isFull}, ${isVerify}, ${isRepair}, ${skipsBrake}
    FROM unnest(${ids}::uuid[], ${schemaIds}::uuid[]) AS wanted(id, "schemaId")
    JOIN "SourceSchema" schema ON schema."id" = wanted."schemaId" AND schema."workspaceId" = ${workspaceId}::uuid
    ON CONFLICT ("schemaId") WHERE "status" IN ('queued', 'running') DO NOTHING
    RETURNING "id", "schemaId"`
}

/** Runs that wait, for a retry or in the queue, become due at once, and full when asked for. Gives their ids. */
export async function hurryQueuedRuns(workspaceId: string, schemaIds: string[], { isFull, isVerify = false, isRepair = false, skipsBrake = false }: RunWish): Promise<string[]> {
  const runs = await prisma().$queryRaw<{ id: string }[]>`
    UPDATE "SyncRun" SET "notBefore" = LEAST("notBefore", now()), "dueBy" = LEAST("dueBy", now()), "isFull" = "isFull" OR ${isFull}, "isVerify" = "isVerify" OR ${isVerify}, "isRepair" = "isRepair" OR ${isRepair}, "skipsBrake" = "skipsBrake" OR ${skipsBrake},
      "externalRunId" = CASE WHEN "notBefore" > now() THEN NULL ELSE "externalRunId" END
    WHERE "workspaceId" = ${workspaceId}::uuid AND "schemaId" = ANY(${schemaIds}::uuid[]) AND "status" = 'queued'
    RETURNING "id"`
  return runs.map((run) => run.id)
}

/**
 * Cancel: a queued run, or one whose worker is dead, at once; a running one at its next heartbeat.
 * Gives the status afterwards, or null when the run was over already.
 */
export async function cancelRun(workspaceId: string, runId: string): Promise<RunStatus | null> {
  const [run] = await prisma().$queryRaw<{ status: RunStatus }[]>`
    UPDATE "SyncRun" SET
      "cancelRequestedAt" = COALESCE("cancelRequestedAt", now()),
      "status" = CASE WHEN "status" = 'queued' OR "leaseExpiresAt" < now() THEN 'cancelled'::"RunStatus" ELSE "status" END,
      "finishedAt" = CASE WHEN "status" = 'queued' OR "leaseExpiresAt" < now() THEN now() END
    WHERE "id" = ${runId}::uuid AND "workspaceId" = ${workspaceId}::uuid AND "status" IN ('queued', 'running')
    RETURNING "status"::text AS "status"`
  return run?.status ?? null
}

export interface QueuedRun {
  runId: string
  workspaceId: string
  sourceId: string
  schemaId: string
  /** How often it changed hands. */
  fence: number
  notBefore: Date
  isDue: boolean
  /** What the queue orders by: the lower, the sooner. */
  rank: number
}

/** Remove finished runs older than this, with their logs; the newest of each schema stays. */
export async function deleteOldRuns(days: number): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM "SyncRun" old WHERE "finishedAt" < now() - make_interval(days => ${days}) AND "status" NOT IN ('queued', 'running')
    AND EXISTS (SELECT 1 FROM "SyncRun" newer WHERE newer."schemaId" = old."schemaId" AND newer."queuedAt" > old."queuedAt")`
}
