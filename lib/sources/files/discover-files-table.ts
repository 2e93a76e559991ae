import type { DiscoveredSchema, SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { FilesLook } from '@/lib/pipeline/files/files-look'
import { previewFiles } from '@/lib/pipeline/files/preview'
import { chosenType } from './chosen-type'
import { inWords } from './in-words'
import { refusePattern, type FilesOfTable } from './preview-files-table'

/** Looks at the files of a table: what it is as a schema. Throws AppError when they cannot be reached or read, and when there is none. */
export async function discoverFilesTable(name: string, { connector, config, pattern, settings }: FilesOfTable, signal: AbortSignal): Promise<DiscoveredSchema> {
  refusePattern(connector, config, pattern)
  const found = await previewFiles({ access: connector.files.open(config, pattern), settings, signal }).catch((error: unknown) => {
    throw inWords(error, signal, connector.label)
  })
  if (found.problem) throw found.problem
  if (!found.objectCount) throw noFile(pattern)
  return {
    name,
    location: { pattern },
    kind: 'files',
    columns: found.columns.map((column) => toSourceColumn(column, chosenType(settings, column.name))),
    primaryKey: [],
    rowsEstimate: null,
    bytesEstimate: found.isCountExact ? found.totalBytes : null,
    replicationKeys: [],
    tracking: 'files',
    problem: null,
  }
}

/** Files say nothing of NULL: each column may hold it. */
function toSourceColumn({ name, type, note }: FilesLook['columns'][number], chosen: string | null): SourceColumn {
  return { name, sourceType: type, type: chosen ?? type, encoding: 'plain', nullable: true, ...(note ? { note } : {}) }
}

function noFile(pattern: string): AppError {
  const title = `No file matches ${pattern}`
  return new AppError('not_found', { title, advice: 'Check the folder and the ending of the files; * stands for anything within a folder, ** also across folders' }, { fields: { pattern: title } })
}
