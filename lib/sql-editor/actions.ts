'use server'

import { z } from 'zod'
import { deleteQueryRuns } from '@/lib/db/queries'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { deleteSavedQuery } from './delete-saved-query'
import { saveQuery } from './save-query'
import { SavedQueryInput } from './schema'

export const saveQueryAction = signedInAction(SavedQueryInput, (input, viewer) => saveQuery(viewer.workspaceId, viewer.userId, input), { isWarehouse: true })

export const deleteSavedQueryAction = signedInAction(z.object({ id: z.uuid() }), ({ id }, viewer) => deleteSavedQuery(viewer.workspaceId, id), { isWarehouse: true })

export const clearHistoryAction = signedInAction(z.object({}), async (_input, viewer) => deleteQueryRuns(viewer.workspaceId, viewer.userId), { isWarehouse: true })
