import { listMembers } from '@/lib/db/workspaces'
import type { MemberView, Viewer } from './schema'

/** Who belongs to the viewer's workspace, first to join first. */
export async function loadMembers(viewer: Viewer): Promise<MemberView[]> {
  const members = await listMembers(viewer.workspaceId)
  return members.map(({ joinedAt, ...member }) => ({ ...member, joinedAt: joinedAt.toISOString(), isViewer: member.userId === viewer.userId }))
}
