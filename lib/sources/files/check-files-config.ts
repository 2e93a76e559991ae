import { findConnector } from '@/lib/connectors/registry'
import type { FilesPreviewLine } from '../files-schema'
import type { FilesTableInput } from '../files-table-schema'
import { parseConfig } from '../parse-config'
import type { ConfigInput } from '../schema'
import { filesConnector } from './files-connector'
import { previewFilesTable } from './preview-files-table'

/** Check a config and the files of one table with it, a line at a time. Throws `invalid` for a config or a pattern that cannot be. */
export async function* checkFilesConfig(connectorId: string, input: ConfigInput, { pattern, settings }: Pick<FilesTableInput, 'pattern' | 'settings'>, signal: AbortSignal): AsyncGenerator<FilesPreviewLine> {
  const connector = filesConnector(findConnector(connectorId))
  yield* previewFilesTable({ connector, config: parseConfig(connector, input), pattern, settings }, signal)
}
