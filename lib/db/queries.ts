import { AsOf } from '@/lib/core/as-of'
import { newId } from '@/lib/core/ids'
import { prisma } from './client'
import { Prisma } from './generated/client'

export interface SavedQueryRow {
  id: string
  name: string
  sql: string
  /** As of when it reads its tables; null for the current versions. */
  asOf: AsOf | null
  updatedAt: Date
  /** Who saved it: their name, or their address. */
  savedBy: string
}

export interface QueryRunRow {
  id: string
  sql: string
  asOf: AsOf | null
  startedAt: Date
  durationMs: number
  rows: number | null
  error: string | null
}

interface SavedText {
  name: string
  sql: string
  asOf: AsOf | null
}

function storedAsOf(stored: unknown): AsOf | null {
  return stored === null ? null : AsOf.parse(stored)
}

/** The saved queries of the workspace, by name. */
export async function listSavedQueries(workspaceId: string): Promise<SavedQueryRow[]> {
  const rows = await prisma().savedQuery.findMany({ where: { workspaceId }, orderBy: { name: 'asc' }, include: { user: { select: { name: true, email: true } } } })
  return rows.map(({ id, name, sql, asOf, updatedAt, user }) => ({ id, name, sql, asOf: storedAsOf(asOf), updatedAt, savedBy: user.name || user.email }))
}

export async function findSavedQuery(workspaceId: string, id: string): Promise<{ id: string; name: string; sql: string; asOf: AsOf | null } | null> {
  const row = await prisma().savedQuery.findFirst({ where: { id, workspaceId }, select: { id: true, name: true, sql: true, asOf: true } })
  return row && { ...row, asOf: storedAsOf(row.asOf) }
}

/** A saved query of another id that has this name already. */
export async function findSavedQueryByName(workspaceId: string, name: string): Promise<{ id: string } | null> {
  return prisma().savedQuery.findFirst({ where: { workspaceId, name }, select: { id: true } })
}

export async function insertSavedQuery(workspaceId: string, userId: string, query: SavedText): Promise<string> {
  const { id } = await prisma().savedQuery.create({ data: { ...query, asOf: query.asOf ?? Prisma.DbNull, id: newId(), workspaceId, userId }, select: { id: true } })
  return id
}

/** False when there is no such query in this workspace. */
export async function updateSavedQuery(workspaceId: string, id: string, query: SavedText): Promise<boolean> {
  const { count } = await prisma().savedQuery.updateMany({ where: { id, workspaceId }, data: { ...query, asOf: query.asOf ?? Prisma.DbNull } })
  return count > 0
}

export async function deleteSavedQueryRow(workspaceId: string, id: string): Promise<boolean> {
  const { count } = await prisma().savedQuery.deleteMany({ where: { id, workspaceId } })
  return count > 0
}

/** The latest queries of a user, newest first. */
export async function listQueryRuns(workspaceId: string, userId: string, limit: number): Promise<QueryRunRow[]> {
  const rows = await prisma().queryRun.findMany({ where: { workspaceId, userId }, orderBy: [{ startedAt: 'desc' }, { id: 'desc' }], take: limit })
  return rows.map(({ id, sql, asOf, startedAt, durationMs, rows: count, error }) => ({ id, sql, asOf: storedAsOf(asOf), startedAt, durationMs, rows: count === null ? null : Number(count), error }))
}

export interface NewQueryRun {
  sql: string
  asOf?: AsOf
  startedAt: Date
  durationMs: number
  rows: number | null
  error: string | null
}

/** Write down a query that was run, and forget what lies more than `kept` queries of this user behind it. */
export async function insertQueryRun(workspaceId: string, userId: string | null, run: NewQueryRun, kept: number): Promise<void> {
  await prisma().queryRun.create({ data: { ...run, asOf: run.asOf ?? Prisma.DbNull, rows: run.rows === null ? null : BigInt(run.rows), id: newId(), workspaceId, userId } })
  await prisma().$executeRaw`
    DELETE FROM "QueryRun" WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" IS NOT DISTINCT FROM ${userId}::uuid AND id IN (
      SELECT id FROM "QueryRun" WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" IS NOT DISTINCT FROM ${userId}::uuid
      ORDER BY "startedAt" DESC, id DESC OFFSET ${kept}
    )`
}

export async function deleteQueryRuns(workspaceId: string, userId: string): Promise<number> {
  const { count } = await prisma().queryRun.deleteMany({ where: { workspaceId, userId } })
  return count
}
