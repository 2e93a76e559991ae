import { AppError } from '@/lib/core/errors'
import { deleteSavedQueryRow } from '@/lib/db/queries'

/** Delete a saved query of the workspace. */
export async function deleteSavedQuery(workspaceId: string, id: string): Promise<void> {
  if (!(await deleteSavedQueryRow(workspaceId, id))) throw new AppError('not_found', { title: 'The saved query is not there any more' })
}
