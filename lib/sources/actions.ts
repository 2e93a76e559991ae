'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { changeSchemas } from './change-schemas'
import { deleteSchemaData } from './delete-schema-data'
import { deleteSource } from './delete-source'
import { editSource } from './edit-source'
import { linkSampleShop } from './link-sample-shop'
import { refreshSource } from './refresh-source'
import { ChangeSchemasInput, EditSourceInput, SchemaIdInput, SourceIdInput } from './schema'
import { syncSource } from './sync-source'

const REFRESH_TIMEOUT_MS = 120_000

const showChange = () => revalidatePath('/sources', 'layout')

/** Sync every enabled schema of a source now. */
export const syncSourceAction = signedInAction(SourceIdInput, async ({ sourceId }, viewer) => {
  const started = await syncSource(viewer.workspaceId, sourceId)
  showChange()
  return started
}, { isWarehouse: true })

/** Change the settings of schemas: a setting that isn't sent isn't changed. */
export const changeSchemasAction = signedInAction(ChangeSchemasInput, async (input, viewer) => {
  await changeSchemas(viewer.workspaceId, input)
  showChange()
}, { isWarehouse: true })

/** Change a source's name or config: a secret left blank keeps its value. */
export const editSourceAction = signedInAction(EditSourceInput, async (input, viewer) => {
  await editSource(viewer.workspaceId, input)
  showChange()
}, { isWarehouse: true })

/** Delete a source, its tables and their data. */
export const deleteSourceAction = signedInAction(SourceIdInput, async ({ sourceId }, viewer) => {
  const deleted = await deleteSource(viewer.workspaceId, sourceId)
  showChange()
  return deleted
}, { isWarehouse: true })

/** Delete the data of one table; the next sync reads everything again. */
export const deleteSchemaDataAction = signedInAction(SchemaIdInput, async ({ schemaId }, viewer) => {
  await deleteSchemaData(viewer.workspaceId, schemaId)
  showChange()
}, { isWarehouse: true })

/** Discover a source again: what came and what is gone. */
export const refreshSourceAction = signedInAction(SourceIdInput, async ({ sourceId }, viewer) => {
  const found = await refreshSource(viewer.workspaceId, sourceId, AbortSignal.timeout(REFRESH_TIMEOUT_MS))
  showChange()
  return found
}, { isWarehouse: true })

/** Make the sample shop, link it and start its imports. */
export const linkSampleShopAction = signedInAction(z.undefined(), async (_input, viewer) => {
  const linked = await linkSampleShop(viewer.workspaceId)
  showChange()
  return { sourceId: linked.sourceId }
}, { isWarehouse: true })
