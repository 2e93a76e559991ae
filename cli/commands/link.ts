import { Prefix, type SchemaChoice } from '@/lib/sources/schema'
import { discoverConfig } from '@/lib/sources/discover-config'
import { linkSource } from '@/lib/sources/link-source'
import { readConfig } from '../read-config'
import { bySchema, chooseNames, parseFrequency, parseMethod, parseNames } from '../schema-options'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface LinkOptions {
  config: string
  name?: string
  prefix?: string
  schemas?: string[]
  method?: string[]
  key?: string[]
  frequency?: string
}

export async function link(terminal: Terminal, connector: string, options: LinkOptions): Promise<void> {
  const prefix = Prefix.safeParse(options.prefix ?? '')
  if (!prefix.success) throw new UsageError(`--prefix ${options.prefix}: ${prefix.error.issues[0]?.message}`)
  const frequency = options.frequency === undefined ? undefined : parseFrequency(options.frequency)
  const config = await readConfig(options.config)
  const { schemas } = await discoverConfig(connector, config, terminal.signal)
  const names = schemas.map((schema) => schema.name)
  const chosen = chooseNames(options.schemas, names)
  const wanted = chosen === 'all' ? schemas.filter((schema) => !schema.problem).map((schema) => schema.name) : chosen
  if (chosen === 'all') for (const schema of schemas) if (schema.problem) terminal.say(`${schema.name} is left out: ${schema.problem.title}`)

  const methods = bySchema('--method', options.method ?? [], names, parseMethod)
  const keys = bySchema('--key', options.key ?? [], names, (text) => parseNames('--key', text))
  for (const name of [...methods.keys(), ...keys.keys()]) if (!wanted.includes(name)) throw new UsageError(`${name} has a --method or --key, and is not among --schemas`)
  const choices = wanted.map((name): SchemaChoice => ({ name, ...(methods.get(name) ?? parseMethod('full')), keyColumns: keys.get(name), columnNames: null }))

  const linked = await inWorkspace(terminal, (workspaceId) => linkSource(workspaceId, { connector, name: options.name, prefix: prefix.data, config, schemas: choices, frequency }))
  const rows = linked.schemas.filter((schema) => schema.enabled)
  terminal.say(`Linked ${linked.name}`)
  terminal.result(
    { sourceId: linked.sourceId, name: linked.name, schemas: rows.map(({ name, table, method }) => ({ name, table, method })) },
    () => `${linked.sourceId}\n${textTable(['schema', 'table', 'method'], rows.map(({ name, table, method }) => [name, table, method ?? '']))}`,
  )
}
