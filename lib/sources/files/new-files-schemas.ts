import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { NewSchema } from '@/lib/db/schemas'
import type { Frequency } from '@/lib/syncs/schema'
import type { FilesTableInput } from '../files-table-schema'
import { tableNameFor } from '../table-names'
import { discoverFilesTable } from './discover-files-table'
import type { FilesOfTable } from './preview-files-table'

export interface NewFilesSchemasInput extends Pick<FilesOfTable, 'connector' | 'config'> {
  prefix: string
  tables: FilesTableInput[]
  /** Of tables that name none of their own. */
  frequency: Frequency
  /** The names of the source's tables. */
  knownNames: string[]
  /** The table names of the workspace. */
  takenNames: Set<string>
}

/** The rows of tables that people made from files, each looked at first, switched on and due at once. */
export async function newFilesSchemas(input: NewFilesSchemasInput, signal: AbortSignal): Promise<NewSchema[]> {
  refuseSameNames(input.tables, input.knownNames)
  const schemas: NewSchema[] = []
  for (const [place, { name, pattern, settings, frequency }] of input.tables.entries()) {
    const discovered = await discoverFilesTable(name, { ...input, pattern, settings }, signal).catch((error: unknown) => {
      throw atTable(error, place)
    })
    schemas.push({
      id: newId(),
      name,
      location: discovered.location,
      tableName: tableNameFor(input.prefix, input.connector.id, name, input.takenNames),
      fileSettings: settings,
      enabled: true,
      method: 'incremental',
      replicationKey: null,
      keyColumns: [],
      columnNames: null,
      frequency: frequency ?? input.frequency,
      discovered,
      nextRunAt: new Date(),
    })
  }
  return schemas
}

function refuseSameNames(tables: FilesTableInput[], knownNames: string[]): void {
  const known = new Set(knownNames)
  for (const [place, { name }] of tables.entries()) {
    if (known.has(name)) {
      const title = `This source has a table ${name} already`
      throw new AppError('conflict', { title, advice: 'Choose another name for the table' }, { fields: { [`tables.${place}.name`]: title } })
    }
    known.add(name)
  }
}

/** What is wrong with a field of a table, at that table of the form. */
function atTable(error: unknown, place: number): unknown {
  if (!(error instanceof AppError)) return error
  const { code, title, detail, advice, isRetryable, fields = {} } = error
  const placed = Object.entries(fields).map(([name, words]) => [`tables.${place}.${name}`, words])
  return new AppError(code, { title, detail, advice }, { isRetryable, fields: Object.fromEntries(placed), cause: error })
}
