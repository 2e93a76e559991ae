import { findRun } from '@/lib/db/runs'
import { listSchemas } from '@/lib/db/schemas'
import { runSync } from '@/lib/syncs/run-sync'
import { startSync } from '@/lib/syncs/start-sync'

/** A worker's work in this process: one sync of one schema, with its seconds. */
export async function syncHere(workspaceId: string, sourceId: string, schemaName: string, mode: string) {
  const schema = (await listSchemas(workspaceId, { sourceId })).find((each) => each.name === schemaName)
  if (!schema) throw new Error(`no schema ${schemaName}`)
  const { runIds } = await startSync(workspaceId, [schema.id], { isFull: mode === 'full', isRepair: mode === 'repair', trigger: 'command-line' })
  const began = performance.now()
  const outcome = await runSync(runIds[0] ?? '', { owner: 'bench' })
  const seconds = (performance.now() - began) / 1000
  const run = await findRun(workspaceId, runIds[0] ?? '')
  return { outcome, seconds, report: run?.report, error: run?.error }
}
