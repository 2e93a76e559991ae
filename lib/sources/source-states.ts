import { listActiveRunViews } from '@/lib/db/run-views'
import { listSchemaViews, listSourceViews, type SchemaViewFilter } from '@/lib/db/source-views'
import { toRunView } from '@/lib/syncs/run-view'
import type { RunView } from '@/lib/syncs/schema'
import { connectorViews } from './connector-views'
import type { SchemaView, SourceView } from './schema'
import { toSchemaView, toSourceView } from './source-view'

const RUNS_SHOWN_PER_SOURCE = 2
const RUNS_OF_ONE_SOURCE = 20_000

/** Every source of the workspace (or only the given ones) as it is now, oldest first. */
export async function listSourceStates(workspaceId: string, sourceIds?: string[]): Promise<SourceView[]> {
  const [rows, active] = await Promise.all([
    listSourceViews(workspaceId, sourceIds),
    listActiveRunViews(workspaceId, { sourceIds, perSource: RUNS_SHOWN_PER_SOURCE }),
  ])
  const connectors = new Map(connectorViews().map((connector) => [connector.id, connector]))
  const runs = new Map<string, RunView[]>()
  for (const run of active) runs.set(run.sourceId, [...(runs.get(run.sourceId) ?? []), toRunView(run)])
  return rows.map((row) => toSourceView(row, connectors.get(row.connector), runs.get(row.id) ?? []))
}

/** Schemas of the workspace as they are now, by name, each with its active run. */
export async function listSchemaStates(workspaceId: string, where: SchemaViewFilter): Promise<SchemaView[]> {
  const rows = await listSchemaViews(workspaceId, where)
  const activeIds = rows.filter((row) => row.lastStatus === 'queued' || row.lastStatus === 'running').map((row) => row.id)
  const active = activeIds.length ? await listActiveRunViews(workspaceId, { schemaIds: activeIds, perSource: RUNS_OF_ONE_SOURCE }) : []
  const runs = new Map(active.map((run) => [run.schemaId, toRunView(run)]))
  return rows.map((row) => toSchemaView(row, runs.get(row.id) ?? null))
}
