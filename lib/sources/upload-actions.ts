'use server'

import { revalidatePath } from 'next/cache'
import { logger } from '@/lib/core/logger'
import { startDueSyncs } from '@/lib/syncs/start-due-syncs'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { AddUploadsInput, RemoveUploadInput } from './upload-schema'
import { addUploads } from './uploads/add-uploads'
import { removeSourceUpload } from './uploads/remove-source-upload'

/** What is due starts at once; should this fail, the scheduler's next look starts it. */
async function startAndShow(): Promise<void> {
  await startDueSyncs().catch((error: unknown) => logger('files').warn({ err: error }, 'the sync waits for the scheduler'))
  revalidatePath('/sources', 'layout')
}

/** Make files that were uploaded to a source part of one of its tables, and sync it. */
export const addUploadsAction = signedInAction(AddUploadsInput, async (input, viewer) => {
  await addUploads(viewer.workspaceId, input)
  await startAndShow()
}, { isWarehouse: true })

/** Take a file away for good, and sync the tables that it was part of. */
export const removeUploadAction = signedInAction(RemoveUploadInput, async (input, viewer) => {
  await removeSourceUpload(viewer.workspaceId, input)
  await startAndShow()
}, { isWarehouse: true })
