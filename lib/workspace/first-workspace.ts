import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'

export const FIRST_WORKSPACE_NAME = 'My workspace'

/** The first workspace, made on demand: the command line works in it before anybody has signed in. */
export async function firstWorkspace(): Promise<{ id: string; name: string }> {
  return findOrInsertFirstWorkspace(FIRST_WORKSPACE_NAME)
}
