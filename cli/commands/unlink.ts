import { deleteSource } from '@/lib/sources/delete-source'
import { findSourceByName } from '@/lib/sources/find-source-by-name'
import { formatQuantity } from '@/lib/core/format'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'

export async function unlink(terminal: Terminal, text: string, options: { yes?: boolean }): Promise<void> {
  if (!options.yes) throw new UsageError(`unlink deletes the source ${text} with every table that was synced from it; add --yes to do so`)
  await inWorkspace(terminal, async (workspaceId) => {
    const source = await findSourceByName(workspaceId, text)
    const { schemas } = await deleteSource(workspaceId, source.id)
    terminal.result({ sourceId: source.id, name: source.name, schemas }, () => `Deleted ${source.name} and ${formatQuantity(schemas, 'schema')}`)
  })
}
