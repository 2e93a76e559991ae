import { AppError } from '@/lib/core/errors'
import { findSavedQueryByName, insertSavedQuery, updateSavedQuery } from '@/lib/db/queries'
import type { SavedQueryInput } from './schema'

/** Save a query under a name, new or in place of the one with `id`. A name that is taken is refused (conflict). */
export async function saveQuery(workspaceId: string, userId: string, { id, name, sql, asOf = null }: SavedQueryInput): Promise<{ id: string }> {
  const taken = await findSavedQueryByName(workspaceId, name)
  if (taken && taken.id !== id) throw new AppError('conflict', { title: `There is a saved query named ${name} already`, advice: 'Choose another name' })
  if (!id) return { id: await insertSavedQuery(workspaceId, userId, { name, sql, asOf }) }
  if (!(await updateSavedQuery(workspaceId, id, { name, sql, asOf }))) throw new AppError('not_found', { title: 'The saved query is not there any more', advice: 'Save it as a new one' })
  return { id }
}
