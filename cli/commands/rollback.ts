import { formatCount, formatQuantity } from '@/lib/core/format'
import { AppError } from '@/lib/core/errors'
import { findTable, findTableId } from '@/lib/tables/find-table'
import { rollBackTable } from '@/lib/tables/roll-back-table'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'

export interface RollbackOptions {
  to: string
  stopSyncing?: boolean
}

export async function rollback(terminal: Terminal, name: string, options: RollbackOptions): Promise<void> {
  if (!/^[1-9]\d{0,8}$/.test(options.to)) throw new UsageError('--to takes the number of a version, as tributary versions lists them')
  await inWorkspace(terminal, async (workspaceId) => {
    const table = await findTable(workspaceId, await findTableId(workspaceId, name))
    if (table.version === null) throw new AppError('not_found', { title: `${table.name} has no version yet` })
    const done = await rollBackTable(workspaceId, { schemaId: table.schemaId, to: Number(options.to), from: table.version, stopsSyncing: options.stopSyncing ?? false }, 'the command line')
    terminal.result(done, () => `${done.table} has the ${formatQuantity(done.rows, 'row')} of version ${done.restored} again, as version ${formatCount(done.version)}`)
    terminal.say(done.isEnabled ? 'It is still synced: its next sync brings what the source has changed since. --stop-syncing switches that off.' : 'It is not synced: switch it on with tributary set … --enable.')
  })
}
