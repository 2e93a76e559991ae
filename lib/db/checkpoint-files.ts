import { prisma } from './client'
import { FileLayout, type TableFile } from './table-snapshot'
import { dataChanged, guard, type Guard } from './versions'

/** A file in the object store, seen by nobody, that the checkpoint of a table of files holds. */
export interface CheckpointFile extends TableFile {
  /** `manifest`: a record of which objects were read. */
  kind: 'data' | 'manifest'
  /** Of data: the number that its objects have in the record. */
  unit: number | null
}

/** How far the read of a table of files has come. */
export interface FilesCheckpoint {
  plan: string
  /** When the read began. */
  createdAt: Date
  files: CheckpointFile[]
}

export interface FilesProgress {
  plan: string
  isFull: boolean
  rowsRead: number
  bytesRead: number
  createdAt: Date
  /** Does it take the place of what was kept before, or go on from that? */
  isNew: boolean
  added: CheckpointFile[]
  /** Their files are no part of it any more. */
  droppedUnits: number[]
}

/** A statement has room for 32,767 values. */
const AT_ONCE = 4_000

export async function findFilesCheckpoint(workspaceId: string, schemaId: string): Promise<FilesCheckpoint | null> {
  const row = await prisma().readCheckpoint.findFirst({ where: { schemaId, workspaceId }, include: { keptFiles: true } })
  if (!row) return null
  const files = row.keptFiles.map(({ path, kind, unit, rows, bytes, layout }): CheckpointFile => ({ path, kind: kind === 'data' ? 'data' : 'manifest', unit, rows: Number(rows), bytes: Number(bytes), ...(layout ? { layout: FileLayout.parse(layout) } : {}) }))
  return { plan: row.plan, createdAt: row.createdAt, files }
}

/**
 * Keep how far a run's read of files has come. Costs what it adds, however much there is already. Every file must be durable. Refused as a commit is:
 * with `cancelled`, `lease_lost` or `conflict`.
 */
export async function saveFilesCheckpoint(run: Guard, { isNew, added, droppedUnits, ...rest }: FilesProgress): Promise<void> {
  const { workspaceId, schemaId, runId } = run
  const data = { ...rest, workspaceId, runId, bookmark: {}, files: {}, updatedAt: new Date() }
  await prisma().$transaction(async (db) => {
    await guard(db, run)
    if (isNew) {
      await db.readCheckpoint.deleteMany({ where: { schemaId, workspaceId } })
      await db.readCheckpoint.create({ data: { ...data, schemaId } })
    } else {
      // its files may be gone with it, and what follows would seem to be all
      const { count } = await db.readCheckpoint.updateMany({ where: { schemaId, workspaceId, plan: rest.plan }, data })
      if (count === 0) throw dataChanged()
    }
    for (const unit of inParts(droppedUnits)) await db.checkpointFile.deleteMany({ where: { schemaId, unit: { in: unit } } })
    // again what an attempt has saved without hearing of it
    for (const files of inParts(added)) await db.checkpointFile.createMany({ data: files.map((file) => ({ schemaId, ...file })), skipDuplicates: true })
  }, { timeout: 60_000, maxWait: 30_000 })
}

/** Those of the keys that a checkpoint of a table of files holds. For the sweep: of every workspace. */
export async function listKeptPaths(paths: string[]): Promise<Set<string>> {
  const files = await prisma().checkpointFile.findMany({ where: { path: { in: paths } }, select: { path: true } })
  return new Set(files.map(({ path }) => path))
}

function* inParts<T>(all: T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += AT_ONCE) yield all.slice(at, at + AT_ONCE)
}
