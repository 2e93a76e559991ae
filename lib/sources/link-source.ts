import { findConnector } from '@/lib/connectors/registry'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { listTableNames, type NewSchema } from '@/lib/db/schemas'
import { insertSource, listSources, type SourceRow } from '@/lib/db/sources'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { newSchemas } from './new-schemas'
import { parseConfig, partConfig } from './parse-config'
import { LinkSourceInput, type LinkedSource } from './schema'
import { tablePrefix } from './table-names'

const DISCOVERY_MS = 120_000

/**
 * Link a source: discover it, keep its config with the secrets sealed, and its schemas, of which the chosen
 * ones are due at once. Refuses a taken name or prefix (`conflict`), an unreachable source, and a sync
 * method that a table cannot have (`invalid`), and then keeps nothing.
 */
export async function linkSource(workspaceId: string, given: LinkSourceInput): Promise<LinkedSource> {
  const input = LinkSourceInput.parse(given)
  const connector = findConnector(input.connector)
  const config = parseConfig(connector, input.config)
  const others = await listSources(workspaceId)
  refuseTakenPrefix(others, connector.id, input.prefix)
  const name = input.name || freeName(others, connector.suggestName(config))
  if (others.some((other) => other.name === name)) throw nameTaken(name)

  const discovered = await connector.discover(config, AbortSignal.timeout(DISCOVERY_MS))
  const takenNames = new Set(await listTableNames(workspaceId))
  const schemas = newSchemas({ prefix: input.prefix, connectorId: connector.id, frequency: input.frequency, discovered, choices: input.schemas, takenNames })
  const { shown, secrets } = partConfig(connector, config)
  const id = newId()
  await insertSource({ id, workspaceId, connector: connector.id, name, prefix: input.prefix, config: shown, sealedSecrets: sealSecrets(id, secrets) }, schemas)
  return { sourceId: id, name, schemas: schemas.map(asLinked) }
}

function asLinked({ id, name, tableName, method, enabled }: NewSchema): LinkedSource['schemas'][number] {
  return { id, name, table: tableName, method, enabled }
}

function refuseTakenPrefix(others: SourceRow[], connectorId: string, prefix: string): void {
  const wanted = tablePrefix(prefix, connectorId)
  const other = others.find((source) => tablePrefix(source.prefix, source.connector) === wanted)
  if (!other) return
  const title = prefix ? `The prefix ${prefix} is taken by the source ${other.name}` : `The source ${other.name} has no prefix already: a second source of its kind needs one`
  throw new AppError('conflict', { title, advice: 'Enter a table prefix of its own, such as shop' }, { fields: { prefix: title } })
}

function freeName(others: SourceRow[], suggested: string): string {
  const taken = new Set(others.map((source) => source.name))
  let name = suggested
  for (let number = 2; taken.has(name); number++) name = `${suggested} ${number}`
  return name
}

export function nameTaken(name: string): AppError {
  const title = `A source with the name ${name} exists already`
  return new AppError('conflict', { title, advice: 'Choose another name' }, { fields: { name: title } })
}
