import { listSources } from '@/lib/db/sources'
import { discoverConfig } from './discover-config'
import { linkSource } from './link-source'
import { createSampleShop } from './sample-shop/create-sample-shop'
import type { LinkedSource, SchemaChoice } from './schema'

const NAME = 'Sample shop'
const PREFIX = 'shop'

/**
 * Make the sample shop's database where it isn't there yet, and link it: tables with an `updated_at` that can
 * serve are synced incrementally, the others whole. Linked already: the same source again.
 */
export async function linkSampleShop(workspaceId: string, say: (words: string) => void = () => {}): Promise<LinkedSource | { sourceId: string; name: string }> {
  const linked = (await listSources(workspaceId)).find((source) => source.name === NAME)
  if (linked) return { sourceId: linked.id, name: linked.name }
  const config = await createSampleShop(say)
  const { schemas } = await discoverConfig('postgres', config, AbortSignal.timeout(60_000))
  const choices = schemas.map((schema): SchemaChoice => {
    const replicationKey = schema.replicationKeys.find((key) => key.ok && key.name === 'updated_at')
    const isIncremental = replicationKey !== undefined && schema.primaryKey.length > 0
    return { name: schema.name, method: isIncremental ? 'incremental' : 'full', replicationKey: isIncremental ? replicationKey.name : null, columnNames: null }
  })
  return linkSource(workspaceId, { connector: 'postgres', name: NAME, prefix: PREFIX, config, schemas: choices })
}
