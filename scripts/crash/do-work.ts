import { changeSchemas } from '@/lib/sources/change-schemas'
import { deleteSchemaData } from '@/lib/sources/delete-schema-data'
import { deleteSource } from '@/lib/sources/delete-source'
import { discardHeld } from '@/lib/syncs/discard-held'
import { publishHeld } from '@/lib/syncs/publish-held'
import { runSync } from '@/lib/syncs/run-sync'
import { sweepWarehouse } from '@/lib/syncs/sweep-warehouse'
import { rollBackTable } from '@/lib/tables/roll-back-table'
import type { Work } from './orders'

/** What a run is held by, for whoever looks into the database. */
export const OWNER = 'crash rig'

/** The verbs themselves, as the worker and the pages call them. Gives in a word what became of it. */
export async function doWork(work: Work): Promise<string> {
  switch (work.verb) {
    case 'sync':
      return runSync(work.runId, { owner: OWNER })
    case 'roll back':
      return String((await rollBackTable(work.workspaceId, { schemaId: work.schemaId, to: work.to, from: work.from, stopsSyncing: false }, 'somebody')).version)
    case 'publish':
      await publishHeld(work.workspaceId, [{ schemaId: work.schemaId, runId: null }])
      return 'done'
    case 'discard':
      await discardHeld(work.workspaceId, [{ schemaId: work.schemaId, runId: null }])
      return 'done'
    case 'delete data':
      await deleteSchemaData(work.workspaceId, work.schemaId)
      return 'done'
    case 'change settings':
      await changeSchemas(work.workspaceId, { schemaIds: [work.schemaId], change: { frequency: 'day' } })
      return 'done'
    case 'delete source':
      await deleteSource(work.workspaceId, work.sourceId)
      return 'done'
    case 'sweep':
      await sweepWarehouse()
      return 'done'
  }
}
