import { listSchemas } from '@/lib/db/schemas'
import { changeSchemas } from '@/lib/sources/change-schemas'
import { findSourceByName } from '@/lib/sources/find-source-by-name'
import { ChangeSchemasInput } from '@/lib/sources/schema'
import { methodText, noSchema, parseFrequency, parseListing, parseMethod, parseNames } from '../schema-options'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface SetOptions {
  schema: string[]
  enable?: boolean
  disable?: boolean
  method?: string
  key?: string
  frequency?: string
  listing?: string
  proof?: string
}

/** A setting that isn't given isn't changed. */
function changeOf(options: SetOptions): ChangeSchemasInput['change'] {
  const change = {
    ...(options.enable ? { enabled: true } : {}),
    ...(options.disable ? { enabled: false } : {}),
    ...(options.method === undefined ? {} : parseMethod(options.method)),
    ...(options.key === undefined ? {} : { keyColumns: parseNames('--key', options.key) }),
    ...(options.frequency === undefined ? {} : { frequency: parseFrequency(options.frequency) }),
    ...(options.listing === undefined ? {} : { reconcileFrequency: parseListing(options.listing) }),
    ...(options.proof === undefined ? {} : { proves: options.proof === 'default' ? null : options.proof === 'on' }),
  }
  if (!Object.keys(change).length) throw new UsageError('set needs what to change: --enable, --disable, --method, --key, --frequency, --listing or --proof')
  return change
}

export async function set(terminal: Terminal, text: string, options: SetOptions): Promise<void> {
  const change = changeOf(options)
  await inWorkspace(terminal, async (workspaceId) => {
    const source = await findSourceByName(workspaceId, text)
    const schemas = await listSchemas(workspaceId, { sourceId: source.id })
    const names = schemas.map((schema) => schema.name)
    const ids = options.schema.map((name) => {
      const schema = schemas.find((each) => each.name === name)
      if (!schema) throw noSchema(name, names)
      return schema.id
    })
    await changeSchemas(workspaceId, ChangeSchemasInput.parse({ schemaIds: [...new Set(ids)], change }))
    const changed = (await listSchemas(workspaceId, { ids })).map(({ name, tableName, enabled, method, replicationKey, keyColumns, frequency, reconcileFrequency, proves, nextRunAt }) => ({ schema: name, table: tableName, enabled, method, replicationKey, keyColumns, frequency, listing: reconcileFrequency, proof: proofWord(proves), nextRunAt }))
    terminal.result(changed, () => textTable(
      ['schema', 'syncing', 'method', 'key', 'frequency', 'listing', 'proof'],
      changed.map((row) => [row.schema, row.enabled ? 'on' : 'off', methodText(row), row.keyColumns.join(', '), row.frequency, row.listing ?? 'off', row.proof]),
    ))
  })
}

function proofWord(proves: boolean | null): 'on' | 'off' | 'default' {
  return proves === null ? 'default' : proves ? 'on' : 'off'
}
