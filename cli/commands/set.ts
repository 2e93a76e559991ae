import { DEFAULT_LOOK_BACK, lookBackKind, lookBackWords } from '@/lib/core/look-back'
import { listSchemas } from '@/lib/db/schemas'
import { changeSchemas } from '@/lib/sources/change-schemas'
import { storedDiscovery } from '@/lib/sources/discovered-schema'
import { findSourceByName } from '@/lib/sources/find-source-by-name'
import { ChangeSchemasInput } from '@/lib/sources/schema'
import { methodText, noSchema, parseBrake, parseFrequency, parseListing, parseLookBack, parseMethod, parseNames } from '../schema-options'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface SetOptions {
  schema: string[]
  enable?: boolean
  disable?: boolean
  method?: string
  key?: string
  lookBack?: string
  frequency?: string
  listing?: string
  proof?: string
  brake?: string
}

/** A setting that isn't given isn't changed. */
function changeOf(options: SetOptions): ChangeSchemasInput['change'] {
  const change = {
    ...(options.enable ? { enabled: true } : {}),
    ...(options.disable ? { enabled: false } : {}),
    ...(options.method === undefined ? {} : parseMethod(options.method)),
    ...(options.key === undefined ? {} : { keyColumns: parseNames('--key', options.key) }),
    ...(options.lookBack === undefined ? {} : { lookBack: parseLookBack(options.lookBack) }),
    ...(options.frequency === undefined ? {} : { frequency: parseFrequency(options.frequency) }),
    ...(options.listing === undefined ? {} : { reconcileFrequency: parseListing(options.listing) }),
    ...(options.proof === undefined ? {} : { proves: options.proof === 'default' ? null : options.proof === 'on' }),
    ...(options.brake === undefined ? {} : { brakePercent: parseBrake(options.brake) }),
  }
  if (!Object.keys(change).length) throw new UsageError('set needs what to change: --enable, --disable, --method, --key, --look-back, --frequency, --listing, --proof or --brake')
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
    const changed = (await listSchemas(workspaceId, { ids })).map(({ name, tableName, enabled, method, replicationKey, lookBack, keyColumns, frequency, reconcileFrequency, proves, brakePercent, nextRunAt, discovered }) => ({ schema: name, table: tableName, enabled, method, replicationKey, ...lookBackOf(discovered, replicationKey, lookBack), keyColumns, frequency, listing: reconcileFrequency, proof: proofWord(proves), brakePercent, nextRunAt }))
    terminal.result(changed, () => textTable(
      ['schema', 'syncing', 'method', 'look-back', 'key', 'frequency', 'listing', 'proof', 'brake'],
      changed.map((row) => [row.schema, row.enabled ? 'on' : 'off', methodText(row), row.lookBackWords, row.keyColumns.join(', '), row.frequency, row.listing ?? 'off', row.proof, row.brakePercent === null ? 'off' : `${row.brakePercent} %`]),
    ))
  })
}

function proofWord(proves: boolean | null): 'on' | 'off' | 'default' {
  return proves === null ? 'default' : proves ? 'on' : 'off'
}

/** What is read again before the cursor, as a number and in words; blank where no replication key is. */
function lookBackOf(discovered: unknown, replicationKey: string | null, lookBack: number | null): { lookBack: number | null; lookBackWords: string } {
  const type = replicationKey === null ? undefined : storedDiscovery(discovered).columns.find((column) => column.name === replicationKey)?.type
  const kind = type === undefined ? null : lookBackKind(type)
  return kind ? { lookBack: lookBack ?? DEFAULT_LOOK_BACK[kind], lookBackWords: lookBackWords(kind, lookBack) } : { lookBack: null, lookBackWords: '' }
}
