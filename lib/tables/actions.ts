'use server'

import { revalidatePath } from 'next/cache'
import { requireOwner } from '@/lib/workspace/require-owner'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { changeRetention } from './change-retention'
import { changeWorkspaceRetention } from './change-workspace-retention'
import { rollBackTable } from './roll-back-table'
import { RetentionInput, RollBackInput, WorkspaceRetentionInput } from './versions-schema'

/** Make an older version of a table current again. */
export const rollBackAction = signedInAction(RollBackInput, async (input, viewer) => {
  const done = await rollBackTable(viewer.workspaceId, input, viewer.name || viewer.email)
  revalidatePath('/sources', 'layout')
  return done
}, { isWarehouse: true })

/** Change how long versions of a table are kept. */
export const changeRetentionAction = signedInAction(RetentionInput, async (input, viewer) => {
  await changeRetention(viewer.workspaceId, input)
  revalidatePath('/sources', 'layout')
}, { isWarehouse: true })

/** Change how long versions are kept in the workspace, for every table that does not say it itself. Owners only: what is past it is gone. */
export const changeWorkspaceRetentionAction = signedInAction(WorkspaceRetentionInput, async (input, viewer) => {
  requireOwner(viewer, 'Only an owner changes how long versions are kept in the workspace')
  await changeWorkspaceRetention(viewer.workspaceId, input)
  revalidatePath('/settings')
  return null
}, { isWarehouse: true })
