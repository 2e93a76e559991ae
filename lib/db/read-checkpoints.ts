import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { prisma } from './client'
import { guard, type Guard } from './versions'

const KeptFile = z.object({ path: z.string(), rows: z.number(), bytes: z.number(), hasUnknown: z.boolean().optional() })

/** Rows to leave out: those with these values in these columns, of every file before the one with this number. */
export const Removal = z.object({ match: z.record(z.string(), z.string()), before: z.number().int() })
export type Removal = z.infer<typeof Removal>

/** Columns, by their names upstream, that are read as text since a value did not fit their type. */
const Demotions = z.record(z.string(), z.object({ type: z.string(), note: z.string() }))

/** `unknown`: fields that were found and are no columns. */
const Progress = z.object({ files: z.array(KeptFile), removals: z.array(Removal), unknown: z.array(z.string()), demotions: Demotions })

/** The bookmark of a table that is read part by part (`lib/pipeline/parts`): how it is cut, how many parts are read from its beginning on, which stretches of parts are beyond that, and how many files each moment gave. */
export const PartsBookmark = z.object({
  division: z.object({ parts: z.number().int().positive(), by: z.record(z.string(), z.unknown()) }),
  read: z.number().int(),
  ahead: z.array(z.tuple([z.number().int(), z.number().int()])).default([]),
  moments: z.array(z.number().int()),
})
export type PartsBookmark = z.infer<typeof PartsBookmark>

/** How far a read has come. Every file is in the object store, and seen by nobody. */
export interface ReadCheckpoint extends z.infer<typeof Progress> {
  runId: string
  plan: string
  isFull: boolean
  bookmark: Record<string, unknown>
  rowsRead: number
  bytesRead: number
  /** When the read began. */
  createdAt: Date
}

/** The checkpoint of a schema; null without one, or with one of another shape. */
export async function findCheckpoint(workspaceId: string, schemaId: string): Promise<ReadCheckpoint | null> {
  const row = await prisma().readCheckpoint.findFirst({ where: { schemaId, workspaceId } })
  const progress = Progress.safeParse(row?.files)
  const bookmark = z.record(z.string(), z.unknown()).safeParse(row?.bookmark)
  if (!row || !progress.success || !bookmark.success) return null
  const { runId, plan, isFull, rowsRead, bytesRead, createdAt } = row
  return { runId, plan, isFull, createdAt, rowsRead: Number(rowsRead), bytesRead: Number(bytesRead), bookmark: bookmark.data, ...progress.data }
}

/**
 * Keep how far a run's read has come, in place of what was kept before. Every file must be durable. Refused as a commit is:
 * with `cancelled`, `lease_lost` or `conflict`.
 */
export async function saveCheckpoint(run: Guard, checkpoint: Omit<ReadCheckpoint, 'runId'>): Promise<void> {
  const { workspaceId, schemaId, runId } = run
  const { files, removals, unknown, demotions, bookmark, ...rest } = checkpoint
  const data = { ...rest, workspaceId, runId, bookmark: asJson(bookmark), files: asJson({ files, removals, unknown, demotions }), updatedAt: new Date() }
  await prisma().$transaction(async (db) => {
    await guard(db, run)
    await db.readCheckpoint.upsert({ where: { schemaId }, create: { ...data, schemaId }, update: data })
  })
}

/** A checkpoint that nobody came back to costs disk: after this many days it goes. */
export async function deleteOldCheckpoints(days: number): Promise<number> {
  return prisma().$executeRaw`DELETE FROM "ReadCheckpoint" WHERE "updatedAt" < now() - make_interval(days => ${days})`
}

/** The keys of the files that checkpoints go on from. For the sweep: of every workspace. */
export async function listCheckpointPaths(): Promise<Set<string>> {
  const rows = await prisma().$queryRaw<{ path: string }[]>`
    SELECT file->>'path' AS "path" FROM "ReadCheckpoint" c, jsonb_array_elements(c."files"->'files') file`
  return new Set(rows.map(({ path }) => path))
}

function asJson(value: object) {
  const text = JSON.stringify(value)
  // PostgreSQL's jsonb cannot hold NUL, which no bookmark needs
  if (text.includes('\\u0000')) throw new AppError('internal', { title: 'A bookmark holds a character that cannot be kept', advice: 'Report this with the log of the run' })
  return JSON.parse(text)
}
