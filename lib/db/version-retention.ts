import { prisma } from './client'

/**
 * Forget the data of a table: its versions, its list of files, its checkpoint and what waits for a decision. Gives the keys to remove from the object store
 * afterwards; a crash in between leaves files that the next sweep removes. A run that is under way cannot commit upon it.
 */
export async function deleteTableFiles(workspaceId: string, schemaId: string): Promise<string[]> {
  return prisma().$transaction(async (db) => {
    await db.$queryRaw`SELECT 1 FROM "SourceSchema" WHERE "id" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid FOR UPDATE`
    const files = await db.tableFile.findMany({ where: { workspaceId, schemaId }, select: { path: true } })
    await db.tableFile.deleteMany({ where: { workspaceId, schemaId } })
    const checkpoint = await db.$queryRaw<{ path: string }[]>`
      SELECT file->>'path' AS "path" FROM "ReadCheckpoint" c, jsonb_array_elements(c."files"->'files') file
      WHERE c."schemaId" = ${schemaId}::uuid AND c."workspaceId" = ${workspaceId}::uuid`
    const held = await db.heldFile.findMany({ where: { schemaId, held: { workspaceId } }, select: { path: true } })
    await db.heldVersion.deleteMany({ where: { workspaceId, schemaId } })
    const ofFiles = await db.checkpointFile.findMany({ where: { schemaId, checkpoint: { workspaceId } }, select: { path: true } })
    await db.readCheckpoint.deleteMany({ where: { workspaceId, schemaId } })
    await db.tableVersion.deleteMany({ where: { workspaceId, schemaId } })
    await db.proof.deleteMany({ where: { workspaceId, schemaId } })
    await db.sourceSchema.updateMany({ where: { id: schemaId, workspaceId }, data: { currentVersion: null, lastSyncedAt: null, reconciledAt: null } })
    return [...new Set([...files, ...held, ...checkpoint, ...ofFiles].map((file) => file.path))]
  })
}

/** How long versions are kept, unless their table or its workspace says otherwise. A version that was current until a moment ago stays, since a query may be reading it. */
export interface Retention {
  keptVersions: number
  keptVersionDays: number
  graceMinutes: number
}

/**
 * Forget the versions past their retention, and the files that no kept version reads. The current version always
 * stays, and one that a reader holds. Gives the files to remove from the object store afterwards.
 */
export async function deleteOldVersions(retention: Retention): Promise<{ path: string; bytes: number }[]> {
  return prisma().$transaction(async (db) => {
    await db.$executeRaw`
      DELETE FROM "TableVersion" v USING "SourceSchema" s, "Workspace" w, "TableVersion" newer
      WHERE s."id" = v."schemaId" AND w."id" = s."workspaceId" AND s."currentVersion" IS NOT NULL AND v."number" < s."currentVersion"
        AND newer."schemaId" = v."schemaId" AND newer."number" = (SELECT min(next."number") FROM "TableVersion" next WHERE next."schemaId" = v."schemaId" AND next."number" > v."number")
        AND newer."createdAt" < now() - ${retention.graceMinutes} * interval '1 minute'
        AND (v."heldUntil" IS NULL OR v."heldUntil" < now())
        AND (v."number" <= s."currentVersion" - COALESCE(s."keptVersions", w."keptVersions", ${retention.keptVersions})
          OR newer."createdAt" < now() - COALESCE(s."keptVersionDays", w."keptVersionDays", ${retention.keptVersionDays}) * interval '1 day')`
    // a file that came back with an older version has a row for each of its ranges, and is gone with the last of them
    const files = await db.$queryRaw<{ path: string; bytes: bigint }[]>`
      WITH gone AS (
        DELETE FROM "TableFile" f WHERE f."removedIn" IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM "TableVersion" v WHERE v."schemaId" = f."schemaId" AND v."number" >= f."addedIn" AND v."number" < f."removedIn")
        RETURNING f."id", f."path", f."bytes")
      SELECT DISTINCT gone."path", gone."bytes" FROM gone
      WHERE NOT EXISTS (SELECT 1 FROM "TableFile" other WHERE other."path" = gone."path" AND other."id" NOT IN (SELECT "id" FROM gone))`
    return files.map((file) => ({ path: file.path, bytes: Number(file.bytes) }))
  }, { timeout: 60_000 })
}

/** The runs that may still write files or commit. */
export async function listActiveRunIds(): Promise<string[]> {
  const runs = await prisma().syncRun.findMany({ where: { status: { in: ['queued', 'running'] } }, select: { id: true } })
  return runs.map((run) => run.id)
}

/** Those of the keys that a table has listed as its files. */
export async function listKnownPaths(paths: string[]): Promise<Set<string>> {
  const files = await prisma().tableFile.findMany({ where: { path: { in: paths } }, select: { path: true } })
  return new Set(files.map((file) => file.path))
}

/** Those of the ids that are workspaces of this database. */
export async function listKnownWorkspaceIds(ids: string[]): Promise<Set<string>> {
  const workspaces = await prisma().workspace.findMany({ where: { id: { in: ids } }, select: { id: true } })
  return new Set(workspaces.map((workspace) => workspace.id))
}
