import { newId } from '@/lib/core/ids'
import { insertSource } from '@/lib/db/sources'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import type { FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'

/** A source that is really there, with one table to sync in full. */
export async function linkedTable(server: FreshServerDatabase, table: string, nextRunAt: Date | null = null): Promise<{ workspaceId: string; schemaId: string }> {
  const { workspaceId } = await makeSource(0)
  const sourceId = newId()
  const schemaId = newId()
  const tag = schemaId.slice(-8)
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `source ${tag}`, prefix: `p${tag}`, config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name: table, location: { namespace: 'public', table }, tableName: `t${tag}`, enabled: true, method: 'full', replicationKey: null,
    keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt,
  }])
  return { workspaceId, schemaId }
}
