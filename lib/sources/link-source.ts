import type { z } from 'zod'
import { isFilesConnector, type Connector } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { listTableNames, type NewSchema } from '@/lib/db/schemas'
import { insertSource, listSources, type SourceRow } from '@/lib/db/sources'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { filesConnector, ownTableSettings } from './files/files-connector'
import { newFilesSchemas } from './files/new-files-schemas'
import { newSchemas } from './new-schemas'
import { parseConfig, partConfig } from './parse-config'
import { LinkSourceInput, type LinkedSource } from './schema'
import { tablePrefix } from './table-names'
import { claimUploadFolder } from './uploads/upload-folder'

const DISCOVERY_MS = 120_000

/**
 * Link a source: discover it, keep its config with the secrets sealed, and its schemas, of which the chosen
 * ones are due at once; of files, the tables that people made. Refuses a taken name or prefix (`conflict`), an unreachable source, and a sync
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
  await claimUploadFolder(workspaceId, connector, config)

  const schemas = await schemasOf(workspaceId, connector, config, input)
  const { shown, secrets } = partConfig(connector, config)
  const id = newId()
  await insertSource({ id, workspaceId, connector: connector.id, name, prefix: input.prefix, config: shown, sealedSecrets: sealSecrets(id, secrets) }, schemas)
  return { sourceId: id, name, schemas: schemas.map(asLinked) }
}

/** Those that the source offers, or the tables that people make from its files: each kind of connector takes only its own. */
async function schemasOf(workspaceId: string, connector: Connector, config: unknown, input: z.output<typeof LinkSourceInput>): Promise<NewSchema[]> {
  const { prefix, frequency, tables } = input
  const takenNames = new Set(await listTableNames(workspaceId))
  const signal = AbortSignal.timeout(DISCOVERY_MS)
  if (tables.length) return newFilesSchemas({ connector: filesConnector(connector), config, prefix, tables, frequency, knownNames: [], takenNames }, signal)
  if (isFilesConnector(connector) && !connector.files.ownTables) throw new AppError('invalid', { title: 'This source has no table yet', advice: 'Add a table: a name, and where its files are' })
  return newSchemas({ prefix, connectorId: connector.id, frequency, discovered: await connector.discover(config, signal), choices: input.schemas, takenNames, fileSettings: ownTableSettings(connector) })
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
