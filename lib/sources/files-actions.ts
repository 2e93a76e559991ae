'use server'

import { revalidatePath } from 'next/cache'
import { logger } from '@/lib/core/logger'
import { startDueSyncs } from '@/lib/syncs/start-due-syncs'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { addFilesTable } from './files/add-files-table'
import { editFilesTable } from './files/edit-files-table'
import { refreshColumns } from './files/refresh-columns'
import { removeFilesTable } from './files/remove-files-table'
import { AddFilesTableInput, EditFilesTableInput, RefreshColumnsInput } from './files-schema'
import { SchemaIdInput } from './schema'

const LOOK_MS = 120_000

const showChange = () => revalidatePath('/sources', 'layout')

/** What is due starts at once, so that nobody waits for the scheduler's next look. Should this fail, that one starts it. */
async function startDue(): Promise<void> {
  await startDueSyncs().catch((error: unknown) => logger('files').warn({ err: error }, 'the sync waits for the scheduler'))
}

/** Make one more table from the files of a source, and import it. */
export const addFilesTableAction = signedInAction(AddFilesTableInput, async (input, viewer) => {
  const added = await addFilesTable(viewer.workspaceId, input, AbortSignal.timeout(LOOK_MS))
  await startDue()
  showChange()
  return added
}, { isWarehouse: true })

/** Change which files make a table, or how they are read, and sync it. */
export const editFilesTableAction = signedInAction(EditFilesTableInput, async (input, viewer) => {
  await editFilesTable(viewer.workspaceId, input, AbortSignal.timeout(LOOK_MS))
  await startDue()
  showChange()
}, { isWarehouse: true })

/** Look at the files of tables again: which columns came, which are gone. */
export const refreshColumnsAction = signedInAction(RefreshColumnsInput, async (input, viewer) => {
  const refreshed = await refreshColumns(viewer.workspaceId, input, AbortSignal.timeout(LOOK_MS))
  showChange()
  return refreshed
}, { isWarehouse: true })

/** Take a table out of its source with its data. */
export const removeFilesTableAction = signedInAction(SchemaIdInput, async ({ schemaId }, viewer) => {
  await removeFilesTable(viewer.workspaceId, schemaId)
  showChange()
}, { isWarehouse: true })
