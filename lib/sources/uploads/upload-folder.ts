import { z } from 'zod'
import { isFilesConnector, type Connector } from '@/lib/connectors/contract'
import { listConnectors } from '@/lib/connectors/registry'
import { FolderId, isOfWorkspace, noSuchFolder, touchFolder } from '@/lib/connectors/upload/folder'
import { AppError } from '@/lib/core/errors'
import { listSources, type SourceRow } from '@/lib/db/sources'

const WithFolder = z.object({ folder: FolderId })

/** The folder that a config names; null for a source of another kind. */
export function uploadFolderOf(connector: Connector, config: unknown): FolderId | null {
  if (!isFilesConnector(connector) || !connector.files.byHand) return null
  return WithFolder.safeParse(config).data?.folder ?? null
}

export function uploadFolderOfSource(source: Pick<SourceRow, 'connector' | 'config'>): FolderId | null {
  const connector = listConnectors().find(({ id }) => id === source.connector)
  return connector ? uploadFolderOf(connector, source.config) : null
}

/** Throws `not_found` for a folder of another workspace, as for one that is not there. */
export function refuseForeignFolder(workspaceId: string, folder: string): void {
  if (!isOfWorkspace(folder, workspaceId)) throw noSuchFolder()
}

/**
 * A config may name a folder of its own workspace alone, and one that no other source has: else deleting one source would take the files of another. From
 * now on it counts as used, so that it is not swept while its source is being made.
 * @param sourceId the source whose config it is; absent for one that is not linked yet
 */
export async function claimUploadFolder(workspaceId: string, connector: Connector, config: unknown, sourceId?: string): Promise<void> {
  const folder = uploadFolderOf(connector, config)
  if (folder === null) return
  refuseForeignFolder(workspaceId, folder)
  const owner = (await listSources(workspaceId)).find((source) => source.id !== sourceId && uploadFolderOfSource(source) === folder)
  if (owner) throw new AppError('conflict', { title: `These files belong to the source ${owner.name}`, advice: 'Add a table to that source, or upload the files again' })
  await touchFolder(folder)
}
