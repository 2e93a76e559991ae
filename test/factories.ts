import { newId } from '@/lib/core/ids'
import type { NewSchema } from '@/lib/db/schemas'
import { insertSource } from '@/lib/db/sources'
import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'

export interface MadeSource {
  workspaceId: string
  sourceId: string
  schemaIds: string[]
}

/** A source with enabled schemas in the first workspace, or this one, as rows only: nothing behind it can be read. */
export async function makeSource(schemas: number, change: Partial<NewSchema> = {}, workspaceId?: string): Promise<MadeSource> {
  const workspace = workspaceId ? { id: workspaceId } : await findOrInsertFirstWorkspace('Test')
  const sourceId = newId()
  const tag = sourceId.slice(-6)
  const rows = Array.from({ length: schemas }, (_, number): NewSchema => ({
    id: newId(),
    name: `table_${number}`,
    location: { namespace: 'public', table: `table_${number}` },
    tableName: `t${tag}_${number}`,
    enabled: true,
    method: 'full',
    replicationKey: null,
    keyColumns: [],
    columnNames: null,
    frequency: 'six_hours',
    discovered: {},
    nextRunAt: null,
    ...change,
  }))
  await insertSource({ id: sourceId, workspaceId: workspace.id, connector: 'postgres', name: `source ${tag}`, prefix: `p${tag}`, config: {}, sealedSecrets: '' }, rows)
  return { workspaceId: workspace.id, sourceId, schemaIds: rows.map((row) => row.id) }
}
