import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'
import { newId } from '@/lib/core/ids'
import type { NewSchema } from '@/lib/db/schemas'
import type { Frequency } from '@/lib/syncs/schema'
import { reconcileRefusal } from './can-reconcile'
import { methodProblem } from './method-problem'
import type { SchemaChoice } from './schema'
import { tableNameFor } from './table-names'

export interface NewSchemasInput {
  prefix: string
  connectorId: string
  frequency: Frequency
  discovered: DiscoveredSchema[]
  /** The schemas to enable. */
  choices: SchemaChoice[]
  /** The table names of the workspace. */
  takenNames: Set<string>
  /** How they are read, when they are made of files. */
  fileSettings?: FilesSettings | undefined
}

/** What follows changes is listed so often, and a table compared with its source, unless somebody sets it otherwise. */
const LISTING: Frequency = 'week'
const COMPARISON: Frequency = 'day'

/** The rows of newly seen schemas: the chosen ones enabled and due at once, the others kept and off. */
export function newSchemas({ prefix, connectorId, frequency, discovered, choices, takenNames, fileSettings = undefined }: NewSchemasInput): NewSchema[] {
  const chosen = new Map(choices.map((choice) => [choice.name, choice]))
  const offered = new Set(discovered.map((schema) => schema.name))
  const unknown = choices.find((choice) => !offered.has(choice.name))
  if (unknown) throw new AppError('not_found', { title: `The source has no schema ${unknown.name}`, advice: 'Check its name, or discover the source again' })
  return discovered.map((schema) => {
    const choice = chosen.get(schema.name)
    const keyColumns = choice?.keyColumns?.length ? choice.keyColumns : schema.primaryKey
    const setting = { method: choice?.method ?? null, replicationKey: choice?.method === 'incremental' ? choice.replicationKey : null, keyColumns, columnNames: choice?.columnNames ?? null }
    if (choice) refuseUnreadable(schema)
    const problem = choice && methodProblem(schema, setting)
    if (problem) throw new AppError('invalid', { title: problem })
    return {
      ...setting,
      id: newId(),
      name: schema.name,
      location: schema.location,
      tableName: tableNameFor(prefix, connectorId, schema.name, takenNames),
      ...(fileSettings && schema.tracking === 'files' && { fileSettings }),
      enabled: choice !== undefined,
      frequency,
      lookBack: setting.replicationKey === null ? null : (choice?.lookBack ?? null),
      reconcileFrequency: reconcileRefusal(schema, keyColumns) ? null : schema.tracking ? LISTING : COMPARISON,
      discovered: schema,
      nextRunAt: choice ? new Date() : null,
    }
  })
}

function refuseUnreadable({ problem, name }: DiscoveredSchema): void {
  if (problem) throw new AppError(problem.code, { title: `${name} cannot be read: ${problem.title}`, detail: problem.detail, advice: problem.advice })
}
