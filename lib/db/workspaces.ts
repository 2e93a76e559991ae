import { prisma } from './client'
import type { Prisma } from './generated/client'

/** Any constant of our own: first visitors and the command line queue up for it. */
const FIRST_RUN_LOCK = 4_242_001

export interface WorkspaceRow {
  id: string
  name: string
}

export interface MemberRow {
  userId: string
  email: string
  name: string
  role: 'owner' | 'member'
  joinedAt: Date
}

/** Hold the lock of the first run until the transaction ends. */
export async function lockFirstRun(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${FIRST_RUN_LOCK})`
}

/** The oldest workspace; made when there is none. Callers at once get the same one. */
export async function findOrInsertFirstWorkspace(name: string): Promise<WorkspaceRow> {
  const select = { id: true, name: true } as const
  const oldest = { orderBy: { createdAt: 'asc' }, select } as const
  const found = await prisma().workspace.findFirst(oldest)
  if (found) return found
  return prisma().$transaction(async (tx) => {
    await lockFirstRun(tx)
    return (await tx.workspace.findFirst(oldest)) ?? tx.workspace.create({ data: { name }, select })
  })
}

/** A setting that isn't given isn't changed. Tells whether the workspace exists. */
export async function updateWorkspace(workspaceId: string, values: { name?: string; dataWarehouse?: boolean; keptVersions?: number | null; keptVersionDays?: number | null }): Promise<boolean> {
  const { count } = await prisma().workspace.updateMany({ where: { id: workspaceId }, data: values })
  return count > 0
}

/** How long its tables keep versions where they do not say it themselves, and how many tables do; null when there is no such workspace. */
export async function findKeptVersions(workspaceId: string): Promise<{ keptVersions: number | null; keptVersionDays: number | null; ownTables: number } | null> {
  const [workspace, ownTables] = await Promise.all([
    prisma().workspace.findUnique({ where: { id: workspaceId }, select: { keptVersions: true, keptVersionDays: true } }),
    prisma().sourceSchema.count({ where: { workspaceId, OR: [{ keptVersions: { not: null } }, { keptVersionDays: { not: null } }] } }),
  ])
  return workspace && { ...workspace, ownTables }
}

export async function listMembers(workspaceId: string): Promise<MemberRow[]> {
  const members = await prisma().member.findMany({
    where: { workspaceId },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
    select: { role: true, createdAt: true, user: { select: { id: true, email: true, name: true } } },
  })
  return members.map(({ role, createdAt, user }) => ({ userId: user.id, email: user.email, name: user.name, role, joinedAt: createdAt }))
}
