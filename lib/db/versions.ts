import { z } from 'zod'
import { columnChanges } from '@/lib/core/column-changes'
import { AppError } from '@/lib/core/errors'
import { prisma } from './client'
import type { Prisma } from './generated/client'
import { forgetDifference } from './proofs'
import { Cursor, FileLayout, VersionColumn, type TableFile, type TableSnapshot } from './table-snapshot'

export type Transaction = Prisma.TransactionClient

/** What a run commits: the difference to the version that it was planned from. */
export interface NewVersion {
  workspaceId: string
  schemaId: string
  runId: string
  /** The fence of the run's lease. */
  fence: number
  /** The version that was current when the run was planned; null when there was none. */
  plannedFrom: number | null
  kind: 'sync' | 'compaction'
  columns: VersionColumn[]
  cursor: Cursor | null
  /** Rows and bytes of the whole table. */
  rows: number
  bytes: number
  dataFiles: TableFile[]
  deleteFiles: TableFile[]
  /** The new manifest of a table of files; it takes the place of the former one, which must be among `removed`. */
  manifest?: TableFile
  /** Files of the former version that are no part of this one. */
  removed: 'all' | string[]
  /** Did the run read every row there is? */
  isComplete?: boolean
  /** Are there files among them that the run's checkpoint keeps? They are only safe while it is there. */
  needsCheckpoint?: boolean
}

export type Guard = Pick<NewVersion, 'workspaceId' | 'schemaId' | 'runId' | 'fence' | 'plannedFrom'>

/**
 * The only commit point: makes a version current, its cursor with it, in one transaction. Every file must be durable
 * before. Refused with `cancelled`, `lease_lost` or `conflict`, and then nothing has changed. Gives the version's number.
 */
export async function commitVersion(version: NewVersion): Promise<number> {
  return prisma().$transaction(async (db) => {
    await guard(db, version)
    await requireCheckpoint(db, version)
    return addVersion(db, version)
  }, { timeout: 60_000, maxWait: 30_000 })
}

/** The files that a run took over from its checkpoint are only there as long as that is. */
export async function requireCheckpoint(db: Transaction, { workspaceId, schemaId, runId, needsCheckpoint }: NewVersion): Promise<void> {
  if (needsCheckpoint && !(await db.readCheckpoint.findFirst({ where: { schemaId, workspaceId, runId }, select: { schemaId: true } }))) throw dataChanged()
}

/** What a commit writes; the caller holds the schema's row and has made sure that this version may follow. What waited for a decision is overtaken. */
export async function addVersion(db: Transaction, version: NewVersion, syncedAt = new Date()): Promise<number> {
  const { workspaceId, schemaId, runId, kind, columns, cursor, rows, bytes } = version
  const number = (await latestNumber(db, schemaId)) + 1
  const changes = await changesSince(db, schemaId, version.plannedFrom, columns)
  await db.tableVersion.create({ data: { schemaId, number, workspaceId, runId, kind, columns, ...(changes.length ? { columnChanges: changes } : {}), cursor: stored(cursor), rows, bytes } })
  await removeFiles(db, version, number)
  await db.tableFile.createMany({ data: newFiles(version).map((file) => ({ workspaceId, schemaId, addedIn: number, ...file })) })
  await db.sourceSchema.update({ where: { id: schemaId, workspaceId }, data: { currentVersion: number, ...(kind === 'sync' ? synced(version, syncedAt) : {}) } })
  if (kind === 'sync') await db.readCheckpoint.deleteMany({ where: { schemaId, workspaceId } })
  if (version.isComplete) await forgetDifference(db, workspaceId, schemaId)
  await db.heldVersion.deleteMany({ where: { schemaId, workspaceId } })
  return number
}

/** What the columns are otherwise than in the version that this one follows; none for the first. */
export async function changesSince(db: Transaction, schemaId: string, former: number | null, columns: VersionColumn[]): Promise<ReturnType<typeof columnChanges>> {
  const known = former === null ? null : await db.tableVersion.findUnique({ where: { schemaId_number: { schemaId, number: former } }, select: { columns: true } })
  return known ? columnChanges(z.array(VersionColumn).parse(known.columns), columns) : []
}

export function newFiles({ dataFiles, deleteFiles, manifest }: Pick<NewVersion, 'dataFiles' | 'deleteFiles' | 'manifest'>) {
  return [
    ...dataFiles.map((file) => ({ ...file, kind: 'data' as const })),
    ...deleteFiles.map((file) => ({ ...file, kind: 'deletes' as const })),
    ...(manifest ? [{ ...manifest, kind: 'manifest' as const }] : []),
  ]
}

/**
 * A run that found nothing new: the table is as fresh as after a commit, under the same guard. The rows of the current
 * version are those of the new bookmark too, so that it moves in place.
 */
export async function commitUnchanged(run: Guard & Pick<NewVersion, 'cursor' | 'isComplete'>): Promise<void> {
  const { workspaceId, schemaId, plannedFrom, cursor } = run
  await prisma().$transaction(async (db) => {
    await guard(db, run)
    if (cursor && plannedFrom !== null) await db.tableVersion.updateMany({ where: { schemaId, workspaceId, number: plannedFrom }, data: { cursor: stored(cursor) } })
    await db.sourceSchema.update({ where: { id: schemaId, workspaceId }, data: synced(run) })
    await db.readCheckpoint.deleteMany({ where: { schemaId, workspaceId } })
    if (run.isComplete) await forgetDifference(db, workspaceId, schemaId)
    await db.heldVersion.deleteMany({ where: { schemaId, workspaceId } })
  })
}

function synced({ isComplete }: Pick<NewVersion, 'isComplete'>, at = new Date()): { lastSyncedAt: Date; reconciledAt?: Date } {
  return { lastSyncedAt: at, ...(isComplete ? { reconciledAt: at } : {}) }
}

/** A bookmark is JSON by its contract; it is copied, so that nothing else passes. */
export function stored(cursor: Cursor | null): Prisma.InputJsonValue | undefined {
  return cursor ? JSON.parse(JSON.stringify(cursor)) : undefined
}

/** Locks the run, then the schema (always in this order), and refuses a run that lost its right to commit. */
export async function guard(db: Transaction, { workspaceId, schemaId, runId, fence, plannedFrom }: Guard): Promise<void> {
  const [run] = await db.$queryRaw<{ status: string; fence: number; isCancelled: boolean }[]>`
    SELECT "status"::text AS "status", "fence", "cancelRequestedAt" IS NOT NULL AS "isCancelled"
    FROM "SyncRun" WHERE "id" = ${runId}::uuid AND "schemaId" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid FOR UPDATE`
  if (run?.isCancelled || run?.status === 'cancelled') throw new AppError('cancelled', { title: 'The sync was cancelled', advice: 'The table stays as it was' })
  if (!run || run.status !== 'running' || run.fence !== fence) {
    throw new AppError('lease_lost', { title: 'Another worker took over this sync', detail: 'This worker did not answer in time', advice: 'Nothing to do: the other worker goes on' })
  }
  const [schema] = await db.$queryRaw<{ currentVersion: number | null }[]>`
    SELECT "currentVersion" FROM "SourceSchema" WHERE "id" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid FOR UPDATE`
  if (!schema || schema.currentVersion !== plannedFrom) {
    throw dataChanged(schema !== undefined)
  }
}

export function dataChanged(isRetryable = true): AppError {
  return new AppError('conflict', { title: 'The table changed while it was synced', detail: 'Its data was deleted or replaced meanwhile', advice: 'Sync it again' }, { isRetryable })
}

async function latestNumber(db: Transaction, schemaId: string): Promise<number> {
  const { _max } = await db.tableVersion.aggregate({ where: { schemaId }, _max: { number: true } })
  return _max.number ?? 0
}

async function removeFiles(db: Transaction, { workspaceId, schemaId, removed }: NewVersion, number: number): Promise<void> {
  if (removed !== 'all' && !removed.length) return
  const where = { workspaceId, schemaId, removedIn: null }
  if (removed === 'all') {
    await db.tableFile.updateMany({ where, data: { removedIn: number } })
    return
  }
  let count = 0
  for (let at = 0; at < removed.length; at += PATHS_AT_ONCE) {
    count += (await db.tableFile.updateMany({ where: { ...where, path: { in: removed.slice(at, at + PATHS_AT_ONCE) } }, data: { removedIn: number } })).count
  }
  if (count !== removed.length) throw new AppError('conflict', { title: 'The files of the table changed while it was synced', advice: 'Sync it again' }, { isRetryable: true })
}

/** A statement has room for 32,767 values. */
const PATHS_AT_ONCE = 10_000

interface SnapshotRow {
  schemaId: string
  workspaceId: string
  tableName: string
  version: number
  columns: unknown
  cursor: unknown
  rows: bigint
  bytes: bigint
}

interface FileRow {
  schemaId: string
  kind: 'data' | 'deletes' | 'manifest'
  path: string
  rows: bigint
  bytes: bigint
  layout: unknown
}

/** A table as of a version, the current one by default; null when there is no such version. */
export async function findSnapshot(workspaceId: string, schemaId: string, version?: number): Promise<TableSnapshot | null> {
  const wanted = version ?? null
  const [rows, files] = await prisma().$transaction([
    prisma().$queryRaw<SnapshotRow[]>`
      SELECT s."id" AS "schemaId", s."workspaceId", s."tableName", v."number" AS "version", v."columns", v."cursor", v."rows", v."bytes"
      FROM "SourceSchema" s JOIN "TableVersion" v ON v."schemaId" = s."id" AND v."number" = COALESCE(${wanted}::int, s."currentVersion")
      WHERE s."id" = ${schemaId}::uuid AND s."workspaceId" = ${workspaceId}::uuid`,
    prisma().$queryRaw<FileRow[]>`
      SELECT f."schemaId", f."kind"::text AS "kind", f."path", f."rows", f."bytes", f."layout"
      FROM "TableFile" f JOIN "SourceSchema" s ON s."id" = f."schemaId"
      WHERE s."id" = ${schemaId}::uuid AND s."workspaceId" = ${workspaceId}::uuid
        AND f."addedIn" <= COALESCE(${wanted}::int, s."currentVersion") AND COALESCE(f."removedIn" > COALESCE(${wanted}::int, s."currentVersion"), true)
      ORDER BY f."addedIn", f."id"`,
  ], { isolationLevel: 'RepeatableRead' })
  return rows[0] ? toSnapshot(rows[0], files) : null
}

/** Every table of a workspace that has a current version, by name; two queries whatever their number. */
export async function listSnapshots(workspaceId: string): Promise<TableSnapshot[]> {
  const [rows, files] = await prisma().$transaction([
    prisma().$queryRaw<SnapshotRow[]>`
      SELECT s."id" AS "schemaId", s."workspaceId", s."tableName", v."number" AS "version", v."columns", v."cursor", v."rows", v."bytes"
      FROM "SourceSchema" s JOIN "TableVersion" v ON v."schemaId" = s."id" AND v."number" = s."currentVersion"
      WHERE s."workspaceId" = ${workspaceId}::uuid ORDER BY s."tableName"`,
    prisma().$queryRaw<FileRow[]>`
      SELECT f."schemaId", f."kind"::text AS "kind", f."path", f."rows", f."bytes", f."layout"
      FROM "TableFile" f JOIN "SourceSchema" s ON s."id" = f."schemaId"
      WHERE s."workspaceId" = ${workspaceId}::uuid AND f."addedIn" <= s."currentVersion" AND COALESCE(f."removedIn" > s."currentVersion", true)
      ORDER BY f."addedIn", f."id"`,
  ], { isolationLevel: 'RepeatableRead' })
  const bySchema = new Map<string, FileRow[]>()
  for (const file of files) bySchema.set(file.schemaId, [...(bySchema.get(file.schemaId) ?? []), file])
  return rows.map((row) => toSnapshot(row, bySchema.get(row.schemaId) ?? []))
}

function toSnapshot(row: SnapshotRow, files: FileRow[]): TableSnapshot {
  const ofKind = (kind: FileRow['kind']) => files.filter((file) => file.kind === kind).map((file): TableFile => ({ path: file.path, rows: Number(file.rows), bytes: Number(file.bytes), ...(file.layout ? { layout: FileLayout.parse(file.layout) } : {}) }))
  return {
    ...row,
    columns: z.array(VersionColumn).parse(row.columns),
    cursor: Cursor.nullable().parse(row.cursor),
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    dataFiles: ofKind('data'),
    deleteFiles: ofKind('deletes'),
    manifest: ofKind('manifest')[0] ?? null,
  }
}

export interface VersionRow {
  number: number
  kind: string
  runId: string | null
  rows: number
  bytes: number
  cursor: Cursor | null
  createdAt: Date
}

/** The kept versions of a table, newest first. */
export async function listVersions(workspaceId: string, schemaId: string): Promise<VersionRow[]> {
  const rows = await prisma().tableVersion.findMany({ where: { workspaceId, schemaId }, orderBy: { number: 'desc' } })
  return rows.map(({ number, kind, runId, rows, bytes, cursor, createdAt }) => ({ number, kind, runId, rows: Number(rows), bytes: Number(bytes), cursor: Cursor.nullable().parse(cursor), createdAt }))
}

/** The greatest field id that any kept version of a table uses; 0 without versions. A field id is never used again. */
export async function findGreatestFieldId(workspaceId: string, schemaId: string): Promise<number> {
  const [row] = await prisma().$queryRaw<{ greatest: number }[]>`
    SELECT COALESCE(max((c->>'fieldId')::int), 0) AS "greatest"
    FROM "TableVersion" v, jsonb_array_elements(v."columns") c
    WHERE v."schemaId" = ${schemaId}::uuid AND v."workspaceId" = ${workspaceId}::uuid`
  return row?.greatest ?? 0
}
