import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { prisma } from '@/lib/db/client'
import { findMembership } from '@/lib/db/users'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { createFirstAdmin } from './create-first-admin'
import { firstWorkspace } from './first-workspace'
import { loadMembers } from './loaders'
import { renameWorkspace } from './rename-workspace'
import type { Viewer } from './schema'
import { setPreview } from './set-preview'

const password = 'correct horse battery'
let database: FreshDatabase

beforeEach(async () => {
  database = await freshDatabase()
})

afterEach(() => database.drop())

async function viewerOf(userId: string): Promise<Viewer> {
  const row = await findMembership(userId)
  if (!row) throw new Error('no membership')
  return { ...row, previews: { dataWarehouse: row.dataWarehouse } }
}

/** A second workspace with an owner and a member of its own. */
async function otherWorkspace(): Promise<{ workspaceId: string; memberId: string }> {
  const workspace = await prisma().workspace.create({ data: { name: 'Theirs' } })
  const member = await prisma().user.create({ data: { email: 'eve@example.com', passwordHash: 'x', members: { create: { workspaceId: workspace.id, role: 'member' } } } })
  return { workspaceId: workspace.id, memberId: member.id }
}

test('of eight first visitors at once one becomes the administrator, and the others are told', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, turn) => createFirstAdmin({ email: `visitor${turn}@example.com`, name: '', password })))
  const refusals = tries.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(refusals).toHaveLength(7)
  for (const refusal of refusals) expect(refusal).toMatchObject({ name: AppError.name, code: 'conflict', title: 'This installation already has an administrator' })
  expect(await prisma().user.count()).toBe(1)
  expect(await prisma().workspace.count()).toBe(1)
  expect(await prisma().member.findMany()).toMatchObject([{ role: 'owner' }])
})

test('the administrator joins the workspace that the command line made', async () => {
  const made = await firstWorkspace()
  const { workspaceId } = await createFirstAdmin({ email: 'ada@example.com', name: 'Ada', password })
  expect(workspaceId).toBe(made.id)
  expect(await firstWorkspace()).toEqual(made)
})

test('command lines and a visitor at once share one workspace', async () => {
  const [admin, ...workspaces] = await Promise.all([createFirstAdmin({ email: 'ada@example.com', name: '', password }), ...Array.from({ length: 6 }, () => firstWorkspace())])
  expect(new Set([admin.workspaceId, ...workspaces.map(({ id }) => id)]).size).toBe(1)
  expect(await prisma().workspace.count()).toBe(1)
})

test('a fresh install has the data warehouse on; an owner turns it off and on', async () => {
  const { userId } = await createFirstAdmin({ email: 'ada@example.com', name: '', password })
  expect((await viewerOf(userId)).previews.dataWarehouse).toBe(true)
  await setPreview(await viewerOf(userId), { dataWarehouse: false })
  expect((await viewerOf(userId)).previews.dataWarehouse).toBe(false)
})

test('a member changes neither the previews nor the name', async () => {
  const { memberId } = await otherWorkspace()
  const member = await viewerOf(memberId)
  await expect(setPreview(member, { dataWarehouse: false })).rejects.toMatchObject({ code: 'not_allowed' })
  await expect(renameWorkspace(member, 'Mine')).rejects.toMatchObject({ code: 'not_allowed' })
  expect(await viewerOf(memberId)).toMatchObject({ workspaceName: 'Theirs', previews: { dataWarehouse: true } })
})

test('what an owner changes and sees stays inside the own workspace', async () => {
  const { userId } = await createFirstAdmin({ email: 'ada@example.com', name: '', password })
  const { memberId } = await otherWorkspace()
  const owner = await viewerOf(userId)
  await setPreview(owner, { dataWarehouse: false })
  await renameWorkspace(owner, 'Ours')
  expect(await viewerOf(memberId)).toMatchObject({ workspaceName: 'Theirs', previews: { dataWarehouse: true } })
  expect((await loadMembers(owner)).map(({ email }) => email)).toEqual(['ada@example.com'])
})

test('a deleted user, and one who left every workspace, is nobody', async () => {
  const { userId } = await createFirstAdmin({ email: 'ada@example.com', name: '', password })
  const { memberId } = await otherWorkspace()
  await prisma().member.deleteMany({ where: { userId: memberId } })
  await prisma().user.delete({ where: { id: userId } })
  expect(await findMembership(userId)).toBeNull()
  expect(await findMembership(memberId)).toBeNull()
})
