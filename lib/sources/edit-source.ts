import { AppError } from '@/lib/core/errors'
import { listSources, updateSource } from '@/lib/db/sources'
import { resumeSchedules } from '@/lib/db/schemas'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { nameTaken } from './link-source'
import { parseConfig, partConfig } from './parse-config'
import { savedConfig } from './saved-config'
import type { EditSourceInput } from './schema'
import { claimUploadFolder } from './uploads/upload-folder'

/** Change a source's name or config. A setting that isn't sent isn't changed; a secret left blank keeps its value. */
export async function editSource(workspaceId: string, { sourceId, name, config: given }: EditSourceInput): Promise<void> {
  const others = await listSources(workspaceId)
  const source = others.find((other) => other.id === sourceId)
  if (!source) throw new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted' })
  if (name !== undefined && others.some((other) => other.id !== sourceId && other.name === name)) throw nameTaken(name)
  if (!given) return updateSource(workspaceId, sourceId, { name })
  const { connector, merged } = savedConfig(source, given)
  const config = parseConfig(connector, merged)
  await claimUploadFolder(workspaceId, connector, config, sourceId)
  const { shown, secrets } = partConfig(connector, config)
  await updateSource(workspaceId, sourceId, { name, config: shown, sealedSecrets: sealSecrets(sourceId, secrets) })
  await resumeSchedules(workspaceId, sourceId)
}
