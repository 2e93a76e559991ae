import { formatQuantity } from '@/lib/core/format'
import { changeWorkspaceRetention } from '@/lib/tables/change-workspace-retention'
import { WorkspaceRetentionInput, type WorkspaceRetention } from '@/lib/tables/versions-schema'
import { workspaceRetention } from '@/lib/tables/workspace-retention'
import { inWorkspace } from '../session'
import type { Terminal } from '../terminal'
import { numberOrDefault, readRetention, type VersionsOptions } from './versions'

/** How long versions are kept in the workspace, where their table does not say it; changed first, where that is asked for. */
export async function retention(terminal: Terminal, options: VersionsOptions): Promise<void> {
  const versions = numberOrDefault('--keep', options.keep)
  const days = numberOrDefault('--days', options.days)
  await inWorkspace(terminal, async (workspaceId) => {
    if (versions !== undefined || days !== undefined) await changeWorkspaceRetention(workspaceId, readRetention(WorkspaceRetentionInput, { versions, days }))
    const found = await workspaceRetention(workspaceId)
    terminal.result(found, () => words(found))
  })
}

function words({ versions, days, isOwnVersions, isOwnDays, ownTables }: WorkspaceRetention): string {
  const usual = (isOwn: boolean) => (isOwn ? '' : ', as usual')
  const rule = `Kept of each table: ${formatQuantity(versions, 'version')}${usual(isOwnVersions)}, for ${formatQuantity(days, 'day')}${usual(isOwnDays)}.`
  return ownTables ? `${rule} ${formatQuantity(ownTables, 'table')} ${ownTables === 1 ? 'says' : 'say'} otherwise: tributary versions TABLE.` : rule
}
