import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { prisma } from './client'
import { VersionColumn } from './table-snapshot'
import { changesSince, type Transaction } from './versions'

export interface RollBack {
  workspaceId: string
  schemaId: string
  /** The version whose rows come back. */
  to: number
  /** The version that was current when it was decided. */
  from: number
  /** Who asked for it, as it is shown. */
  actor: string
  /** Is the schema not synced any more from now on? */
  stopsSyncing: boolean
}

interface Restored {
  createdAt: Date
  rows: bigint
  columns: unknown
}

/**
 * Make an older version current again: one more version with its rows, its columns and its cursor, in one transaction. No file is written or read: those that
 * had left the table belong to it again. Refused with `conflict` while a run is on or when the table has moved on, and with `not_found` when the version is not kept any more.
 */
export async function commitRollBack(rollBack: RollBack): Promise<{ version: number; rows: number }> {
  const { workspaceId, schemaId, to } = rollBack
  return prisma().$transaction(async (db) => {
    const number = (await guard(db, rollBack)) + 1
    // whoever forgets versions waits here, and finds the files in use afterwards
    const [restored] = await db.$queryRaw<Restored[]>`
      SELECT "createdAt", "rows", "columns" FROM "TableVersion" WHERE "schemaId" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid AND "number" = ${to} FOR UPDATE`
    if (!restored) throw new AppError('not_found', { title: `Version ${to} is not kept any more`, advice: 'Choose one of the versions that are listed' })
    const changes = await changesSince(db, schemaId, rollBack.from, z.array(VersionColumn).parse(restored.columns))
    await db.$executeRaw`
      INSERT INTO "TableVersion" ("schemaId", "number", "workspaceId", "kind", "columns", "columnChanges", "cursor", "rows", "bytes", "restored", "actor")
      SELECT "schemaId", ${number}, "workspaceId", 'rollback', "columns", ${changes.length ? JSON.stringify(changes) : null}::jsonb, "cursor", "rows", "bytes", ${to}, ${rollBack.actor} FROM "TableVersion" WHERE "schemaId" = ${schemaId}::uuid AND "number" = ${to}`
    await swapFiles(db, rollBack, number)
    await settleSchema(db, rollBack, number)
    // what was read upon the version that is no longer current leads nowhere
    await db.readCheckpoint.deleteMany({ where: { workspaceId, schemaId } })
    await db.heldVersion.deleteMany({ where: { workspaceId, schemaId } })
    return { version: number, rows: Number(restored.rows) }
  }, { timeout: 60_000, maxWait: 30_000 })
}

/** Locks the schema. Gives the greatest number of a version that there is. */
async function guard(db: Transaction, { workspaceId, schemaId, to, from }: RollBack): Promise<number> {
  const [schema] = await db.$queryRaw<{ currentVersion: number | null; newest: number | null }[]>`
    SELECT "currentVersion", (SELECT max("number") FROM "TableVersion" WHERE "schemaId" = s."id") AS "newest" FROM "SourceSchema" s WHERE "id" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid FOR UPDATE`
  if (!schema) throw new AppError('not_found', { title: 'This table does not exist', advice: 'Its source may have been deleted' })
  if (await db.syncRun.findFirst({ where: { schemaId, workspaceId, status: 'running' }, select: { id: true } })) {
    throw new AppError('conflict', { title: 'The table is being synced', detail: 'A sync that is on would be built upon rows that are about to go', advice: 'Wait for the sync, or cancel it, then roll back' }, { isRetryable: true })
  }
  if (schema.currentVersion !== from) {
    throw new AppError('conflict', { title: 'The table has changed meanwhile', detail: `Version ${from} is not the current one any more`, advice: 'Look at its versions again, then roll back' }, { isRetryable: true })
  }
  if (to >= from) throw new AppError('invalid', { title: to === from ? `Version ${to} is the current one` : `There is no version ${to}`, advice: 'Choose an older version' })
  return schema.newest ?? from
}

async function swapFiles(db: Transaction, { schemaId, to }: RollBack, number: number): Promise<void> {
  await db.$executeRaw`UPDATE "TableFile" SET "removedIn" = ${number} WHERE "schemaId" = ${schemaId}::uuid AND "removedIn" IS NULL AND "addedIn" > ${to}`
  await db.$executeRaw`
    INSERT INTO "TableFile" ("id", "workspaceId", "schemaId", "kind", "path", "rows", "bytes", "layout", "addedIn")
    SELECT gen_random_uuid(), "workspaceId", "schemaId", "kind", "path", "rows", "bytes", "layout", ${number} FROM "TableFile"
    WHERE "schemaId" = ${schemaId}::uuid AND "addedIn" <= ${to} AND "removedIn" > ${to}`
}

/** When every row was read after the version was replaced, that told of rows which are as they were again: it is due once more. */
async function settleSchema(db: Transaction, { workspaceId, schemaId, to, stopsSyncing }: RollBack, number: number): Promise<void> {
  const next = await db.tableVersion.findFirst({ where: { schemaId, number: { gt: to } }, orderBy: { number: 'asc' }, select: { createdAt: true } })
  const schema = await db.sourceSchema.findFirst({ where: { id: schemaId, workspaceId }, select: { reconciledAt: true } })
  const isOld = next !== null && schema?.reconciledAt != null && schema.reconciledAt >= next.createdAt
  await db.sourceSchema.updateMany({
    where: { id: schemaId, workspaceId },
    data: { currentVersion: number, ...(isOld ? { reconciledAt: null } : {}), ...(stopsSyncing ? { enabled: false, nextRunAt: null, pausedReason: null } : {}) },
  })
}
