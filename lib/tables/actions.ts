'use server'

import { revalidatePath } from 'next/cache'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { changeRetention } from './change-retention'
import { rollBackTable } from './roll-back-table'
import { RetentionInput, RollBackInput } from './versions-schema'

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
