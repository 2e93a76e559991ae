import { prisma } from './client'
import { lockFirstRun } from './workspaces'

export interface UserRow {
  id: string
  email: string
  name: string
  passwordHash: string
}

export interface MembershipRow {
  userId: string
  email: string
  name: string
  passwordHash: string
  workspaceId: string
  workspaceName: string
  role: 'owner' | 'member'
  dataWarehouse: boolean
}

const columns = { id: true, email: true, name: true, passwordHash: true } as const

/** Is there anybody who could sign in? */
export async function findAnyUser(): Promise<boolean> {
  return (await prisma().user.findFirst({ select: { id: true } })) !== null
}

/** The user of an e-mail address, which is kept in lower case. */
export async function findUserByEmail(email: string): Promise<UserRow | null> {
  return prisma().user.findUnique({ where: { email: email.toLowerCase() }, select: columns })
}

/** A user with the workspace they joined first; null when the user is gone or belongs to none. */
export async function findMembership(userId: string): Promise<MembershipRow | null> {
  const member = await prisma().member.findFirst({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
    select: { role: true, user: { select: columns }, workspace: { select: { id: true, name: true, dataWarehouse: true } } },
  })
  if (!member) return null
  const { user, workspace, role } = member
  return { userId: user.id, email: user.email, name: user.name, passwordHash: user.passwordHash, workspaceId: workspace.id, workspaceName: workspace.name, role, dataWarehouse: workspace.dataWarehouse }
}

/**
 * Insert the first user as the owner of the first workspace, which is made unless the command line did.
 * Of two callers at once, in any number of processes, one inserts; the other gets null.
 */
export async function insertFirstOwner(user: Omit<UserRow, 'id'>, workspaceName: string): Promise<{ userId: string; workspaceId: string } | null> {
  return prisma().$transaction(async (tx) => {
    await lockFirstRun(tx)
    if (await tx.user.findFirst({ select: { id: true } })) return null
    const workspace = (await tx.workspace.findFirst({ orderBy: { createdAt: 'asc' }, select: { id: true } })) ?? (await tx.workspace.create({ data: { name: workspaceName }, select: { id: true } }))
    const { id: userId } = await tx.user.create({ data: { ...user, email: user.email.toLowerCase(), members: { create: { workspaceId: workspace.id, role: 'owner' } } }, select: { id: true } })
    return { userId, workspaceId: workspace.id }
  })
}
