import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { HeldDifference, HeldSample } from '@/lib/core/held-difference'
import { prisma } from './client'
import type { HeldFile } from './generated/client'
import { Cursor, FileLayout, VersionColumn, type TableFile } from './table-snapshot'
import { addVersion, guard, newFiles, requireCheckpoint, stored, type NewVersion, type Transaction } from './versions'

/** A statement has room for 32,767 values. */
const FILES_AT_ONCE = 4_000

/**
 * Keep a version for somebody to decide, in place of one that was kept before; the current version stays, its cursor too. One transaction, guarded as a commit is:
 * refused with `cancelled`, `lease_lost` or `conflict`, and then nothing has changed. Every file must be durable before.
 */
export async function holdVersion(version: NewVersion & { plannedFrom: number }, difference: HeldDifference, sample: HeldSample | null): Promise<void> {
  const { workspaceId, schemaId, runId, plannedFrom, columns, cursor, rows, bytes, removed, isComplete = false } = version
  const files = newFiles(version).map((file, place) => ({ schemaId, place, ...file }))
  await prisma().$transaction(async (db) => {
    await guard(db, version)
    await requireCheckpoint(db, version)
    await db.heldVersion.deleteMany({ where: { schemaId, workspaceId } })
    await db.heldVersion.create({ data: { schemaId, workspaceId, runId, plannedFrom, columns, cursor: stored(cursor), rows, bytes, removed, isComplete, difference, ...(sample ? { sample } : {}) } })
    for (let at = 0; at < files.length; at += FILES_AT_ONCE) await db.heldFile.createMany({ data: files.slice(at, at + FILES_AT_ONCE) })
    await db.readCheckpoint.deleteMany({ where: { schemaId, workspaceId } })
  }, { timeout: 60_000, maxWait: 30_000 })
}

/** Which held version somebody decided on: the run that brought it. Without it, whichever waits. */
export interface Seen {
  workspaceId: string
  schemaId: string
  runId: string | null
}

/**
 * Make a held version the current one, with the time at which it was read. Refused with `not_found` when none waits, and with `conflict` when it is another than was seen,
 * or the table has changed since; then nothing has changed.
 */
export async function publishHeldVersion(seen: Seen): Promise<{ version: number; runId: string }> {
  const { workspaceId, schemaId } = seen
  return prisma().$transaction(async (db) => {
    const { held, currentVersion } = await lockHeld(db, seen)
    if (currentVersion !== held.plannedFrom) {
      throw new AppError('conflict', { title: 'The table has changed since this version was made', detail: `It would follow version ${held.plannedFrom}, and the table is at ${currentVersion ?? 'none'}`, advice: 'Discard it, then sync again' })
    }
    const files = await db.heldFile.findMany({ where: { schemaId }, orderBy: { place: 'asc' } })
    const { runId, plannedFrom, isComplete, createdAt } = held
    const ofKind = (kind: HeldFile['kind']) => files.filter((file) => file.kind === kind).map(asTableFile)
    const [manifest] = ofKind('manifest')
    const version = await addVersion(db, {
      workspaceId, schemaId, runId, fence: 0, plannedFrom, kind: 'sync', isComplete,
      columns: z.array(VersionColumn).parse(held.columns),
      cursor: Cursor.nullable().parse(held.cursor),
      rows: Number(held.rows),
      bytes: Number(held.bytes),
      removed: z.union([z.literal('all'), z.array(z.string())]).parse(held.removed),
      dataFiles: ofKind('data'),
      deleteFiles: ofKind('deletes'),
      ...(manifest ? { manifest } : {}),
    }, createdAt)
    return { version, runId }
  }, { timeout: 60_000, maxWait: 30_000 })
}

/**
 * Forget a held version: the table keeps its version and its cursor, so that the next sync reads again what this one had read. `nextRunAt`: when the schedule goes on, should it have been due
 * meanwhile. Gives the keys to remove from the object store afterwards; a crash in between leaves files that the next sweep removes.
 */
export async function discardHeldVersion(seen: Seen, nextRunAt: Date): Promise<{ paths: string[]; runId: string }> {
  const { workspaceId, schemaId } = seen
  return prisma().$transaction(async (db) => {
    const { held } = await lockHeld(db, seen)
    const files = await db.heldFile.findMany({ where: { schemaId }, select: { path: true } })
    await db.heldVersion.delete({ where: { schemaId, workspaceId } })
    // also tells everybody who looks at the schema
    await db.$executeRaw`
      UPDATE "SourceSchema" SET "nextRunAt" = CASE WHEN "nextRunAt" <= now() THEN ${nextRunAt} ELSE "nextRunAt" END
      WHERE "id" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid`
    return { paths: files.map((file) => file.path), runId: held.runId }
  })
}

async function lockHeld(db: Transaction, { workspaceId, schemaId, runId }: Seen) {
  const [schema] = await db.$queryRaw<{ currentVersion: number | null }[]>`
    SELECT "currentVersion" FROM "SourceSchema" WHERE "id" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid FOR UPDATE`
  const held = schema && (await db.heldVersion.findFirst({ where: { schemaId, workspaceId } }))
  if (!held) throw new AppError('not_found', { title: 'No version waits for you here', advice: 'It may have been published or discarded by somebody else, or a later sync has taken its place' })
  if (runId !== null && held.runId !== runId) throw new AppError('conflict', { title: 'Another version waits for you now', detail: 'A later sync has taken the place of the one that you saw', advice: 'Look at its difference, then decide' })
  return { held, currentVersion: schema.currentVersion }
}

/** Written down in the report of the run that brought it. A statement of its own, so that it never waits for a run while it holds a schema. */
export async function noteDecision(workspaceId: string, runId: string, decision: 'published' | 'discarded', version: number | null): Promise<void> {
  await prisma().$executeRaw`
    UPDATE "SyncRun" SET "version" = COALESCE(${version}::int, "version"), "report" = jsonb_set("report", '{held,decision}', to_jsonb(${decision}::text))
    WHERE "id" = ${runId}::uuid AND "workspaceId" = ${workspaceId}::uuid AND "report" ? 'held'`
}

export interface HeldRow {
  schemaId: string
  schema: string
  tableName: string
  source: string
  runId: string
  difference: HeldDifference
  createdAt: Date
}

/** Every version of the workspace that waits for somebody to decide, oldest first; or that of one table. */
export async function listHeldVersions(workspaceId: string, tableName?: string): Promise<HeldRow[]> {
  const rows = await prisma().heldVersion.findMany({ where: { workspaceId, ...(tableName === undefined ? {} : { schema: { tableName } }) }, orderBy: { createdAt: 'asc' }, include: { schema: { select: { name: true, tableName: true, source: { select: { name: true } } } } } })
  return rows.map(({ schemaId, schema, runId, difference, createdAt }) => ({ schemaId, schema: schema.name, tableName: schema.tableName, source: schema.source.name, runId, difference: HeldDifference.parse(difference), createdAt }))
}

/** Some of the rows that a held version would remove or change; null where none could be named, or nothing waits. */
export async function findHeldSample(workspaceId: string, schemaId: string): Promise<HeldSample | null> {
  const held = await prisma().heldVersion.findFirst({ where: { workspaceId, schemaId }, select: { sample: true } })
  return HeldSample.nullable().parse(held?.sample ?? null)
}

/** Those of the keys that a held version names. For the sweep: of every workspace. */
export async function listHeldPaths(paths: string[]): Promise<Set<string>> {
  const files = await prisma().heldFile.findMany({ where: { path: { in: paths } }, select: { path: true } })
  return new Set(files.map(({ path }) => path))
}

function asTableFile({ path, rows, bytes, layout }: HeldFile): TableFile {
  return { path, rows: Number(rows), bytes: Number(bytes), ...(layout ? { layout: FileLayout.parse(layout) } : {}) }
}
