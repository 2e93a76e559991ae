import { newId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { prisma } from './client'
import { Prisma } from './generated/client'
import type { Frequency } from './generated/enums'

/** So many schemas are started by one transaction; the next one takes the rest. */
export const PASS_SIZE = 500

export interface DueRuns {
  runIds: string[]
  schemas: number
}

interface DueSchema {
  id: string
  frequency: Frequency
  now: Date
}

/**
 * A queued run for each schema that is due, and the time of its next one; one transaction. The rows of a pass are
 * locked and skipped by other workers, so that nothing is started twice. A schema that still has an active run gets
 * none: the overlap is skipped. One whose version waits for a decision rests. One that missed several gets one. A run should have begun after a part of its frequency: that orders
 * those that wait. Gives the ids of the runs that were made, and how many schemas were due.
 */
export async function insertDueRuns(nextRunAt: (schema: { id: string; frequency: Frequency }, now: Date) => Date, at?: Date): Promise<DueRuns> {
  return prisma().$transaction(async (tx) => {
    const now = at ? Prisma.sql`${at}::timestamptz` : Prisma.sql`now()`
    const due = await tx.$queryRaw<DueSchema[]>`
      SELECT "id", "frequency"::text AS "frequency", ${now} AS "now" FROM "SourceSchema"
      WHERE "enabled" AND "method" IS NOT NULL AND "pausedReason" IS NULL AND "nextRunAt" <= ${now}
        AND NOT EXISTS (SELECT 1 FROM "HeldVersion" h WHERE h."schemaId" = "SourceSchema"."id")
      ORDER BY "nextRunAt" LIMIT ${PASS_SIZE} FOR UPDATE SKIP LOCKED`
    if (!due.length) return { runIds: [], schemas: 0 }
    const schemaIds = due.map((schema) => schema.id)
    const next = due.map((schema) => nextRunAt(schema, schema.now).toISOString())
    const runs = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO "SyncRun" ("id", "workspaceId", "sourceId", "schemaId", "trigger", "dueBy")
      SELECT wanted.id, schema."workspaceId", schema."sourceId", schema."id", 'schedule', now() + (wanted.next - ${now}) * ${limits.places.partOfFrequency}::float8
      FROM unnest(${schemaIds.map(() => newId())}::uuid[], ${schemaIds}::uuid[], ${next}::timestamptz[]) AS wanted(id, "schemaId", next)
      JOIN "SourceSchema" schema ON schema."id" = wanted."schemaId"
      ON CONFLICT ("schemaId") WHERE "status" IN ('queued', 'running') DO NOTHING
      RETURNING "id"`
    await tx.$executeRaw`
      UPDATE "SourceSchema" SET "nextRunAt" = wanted."at"
      FROM unnest(${schemaIds}::uuid[], ${next}::timestamptz[]) AS wanted("schemaId", "at") WHERE "id" = wanted."schemaId"`
    return { runIds: runs.map((run) => run.id), schemas: due.length }
  })
}
