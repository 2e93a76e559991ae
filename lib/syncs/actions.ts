'use server'

import { revalidatePath } from 'next/cache'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { cancelSync } from './cancel-sync'
import { discardHeld } from './discard-held'
import { publishHeld } from './publish-held'
import { HeldInput, RunIdInput, StartSyncInput } from './schema'
import { startSync } from './start-sync'

/** Sync schemas now; one that is already on its way is left to it. */
export const startSyncAction = signedInAction(StartSyncInput, async ({ schemaIds, ...wish }, viewer) => {
  const { runIds, alreadyActive } = await startSync(viewer.workspaceId, schemaIds, { ...wish, trigger: 'manual' })
  revalidatePath('/sources', 'layout')
  return { runIds, alreadyActive: alreadyActive.length }
}, { isWarehouse: true })

/** Ask a run to stop; the table keeps the version it has. */
export const cancelSyncAction = signedInAction(RunIdInput, async ({ runId }, viewer) => {
  await cancelSync(viewer.workspaceId, runId)
  revalidatePath('/sources', 'layout')
}, { isWarehouse: true })

/** Make versions that wait for a decision the current ones of their tables. */
export const publishHeldAction = signedInAction(HeldInput, async ({ held }, viewer) => {
  await publishHeld(viewer.workspaceId, held)
  revalidatePath('/sources', 'layout')
}, { isWarehouse: true })

/** Forget versions that wait for a decision; their tables stay as they are. */
export const discardHeldAction = signedInAction(HeldInput, async ({ held }, viewer) => {
  await discardHeld(viewer.workspaceId, held)
  revalidatePath('/sources', 'layout')
}, { isWarehouse: true })
