import { AppError } from '@/lib/core/errors'
import { Prefix, type DiscoveredSchema, type LinkedSource, type SchemaChoice } from '@/lib/sources/schema'
import { discoverConfig } from '@/lib/sources/discover-config'
import { linkSource } from '@/lib/sources/link-source'
import { readConfig } from '../read-config'
import { bySchema, chooseNames, parseFrequency, parseLookBack, parseMethod, parseNames } from '../schema-options'
import { inWorkspace } from '../session'
import { parseTables, type TableOptions } from '../table-options'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface LinkOptions extends TableOptions {
  config: string
  name?: string
  prefix?: string
  schemas?: string[]
  method?: string[]
  key?: string[]
  lookBack?: string[]
  frequency?: string
}

export async function link(terminal: Terminal, connector: string, options: LinkOptions): Promise<void> {
  const prefix = Prefix.safeParse(options.prefix ?? '')
  if (!prefix.success) throw new UsageError(`--prefix ${options.prefix}: ${prefix.error.issues[0]?.message}`)
  const frequency = options.frequency === undefined ? undefined : parseFrequency(options.frequency)
  const tables = parseTables(options)
  const config = await readConfig(options.config)
  const shared = { connector, name: options.name, prefix: prefix.data, config, frequency }
  if (tables.length) {
    refuseTableChoices(options)
    return tell(terminal, await inWorkspace(terminal, (workspaceId) => linkSource(workspaceId, { ...shared, schemas: [], tables })), [])
  }
  const { schemas } = await discoverConfig(connector, config, terminal.signal)
  const names = schemas.map((schema) => schema.name)
  const chosen = chooseNames(options.schemas, names)
  const skipped = chosen === 'all' ? leaveOut(terminal, schemas) : []
  const wanted = chosen === 'all' ? schemas.filter((schema) => !schema.problem).map((schema) => schema.name) : chosen

  const methods = bySchema('--method', options.method ?? [], names, parseMethod)
  const keys = bySchema('--key', options.key ?? [], names, (text) => parseNames('--key', text))
  const lookBacks = bySchema('--look-back', options.lookBack ?? [], names, parseLookBack)
  for (const name of [...methods.keys(), ...keys.keys(), ...lookBacks.keys()]) if (!wanted.includes(name)) throw new UsageError(`${name} has a --method, --key or --look-back, and is not among --schemas`)
  const followed = new Set(schemas.filter((schema) => schema.tracking === 'changes' || schema.tracking === 'files').map((schema) => schema.name))
  const choices = wanted.map((name): SchemaChoice => ({ name, ...(methods.get(name) ?? parseMethod(followed.has(name) ? 'incremental' : 'full')), keyColumns: keys.get(name), lookBack: lookBacks.get(name), columnNames: null }))

  tell(terminal, await inWorkspace(terminal, (workspaceId) => linkSource(workspaceId, { ...shared, schemas: choices })), skipped)
}

/** Tables that people make from files are all synced, and in one way. */
function refuseTableChoices({ schemas, method, key, lookBack }: LinkOptions): void {
  const option = Object.entries({ '--schemas': schemas, '--method': method, '--key': key, '--look-back': lookBack }).find(([, value]) => value?.length)?.[0]
  if (option) throw new UsageError(`${option} chooses among tables that a source has; those of --table are all synced, by new and changed files`)
}

function tell(terminal: Terminal, linked: LinkedSource, skipped: { name: string; title: string }[]): void {
  const rows = linked.schemas.filter((schema) => schema.enabled)
  terminal.say(`Linked ${linked.name}`)
  terminal.result(
    { sourceId: linked.sourceId, name: linked.name, schemas: rows.map(({ name, table, method }) => ({ name, table, method })), skipped },
    () => `${linked.sourceId}\n${textTable(['schema', 'table', 'method'], rows.map(({ name, table, method }) => [name, table, method ?? '']))}`,
  )
}

/** Schemas that cannot be read are named, with what is missing, and left out. None that can be read is a failure. */
function leaveOut(terminal: Terminal, schemas: DiscoveredSchema[]): { name: string; title: string }[] {
  const skipped = schemas.flatMap(({ name, problem }) => (problem ? [{ name, problem }] : []))
  const [first] = skipped
  if (first && skipped.length === schemas.length) {
    const { code, title, detail, advice } = first.problem
    throw new AppError(code, { title: `None of the ${schemas.length} schemas can be read. ${first.name}: ${title}`, detail, advice })
  }
  for (const { name, problem } of skipped) terminal.say(`${name} is left out: ${problem.title}`)
  if (first) terminal.say([...new Set(skipped.flatMap(({ problem }) => problem.advice ?? []))].map((advice) => `${advice}.`).join('\n'))
  return skipped.map(({ name, problem }) => ({ name, title: problem.title }))
}
