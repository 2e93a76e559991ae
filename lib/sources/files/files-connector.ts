import { isFilesConnector, type Connector, type FilesConnector } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'

/** The connector as one whose tables people make from files. Throws AppError `invalid` for every other one. */
export function filesConnector(connector: Connector): FilesConnector {
  if (isFilesConnector(connector) && !connector.files.ownTables) return connector
  throw new AppError('invalid', { title: `${connector.label} tells its tables by itself`, advice: 'Choose among the tables that it offers; none can be added by hand' })
}

/** How the tables of a store that knows them are read; undefined where the store does not, or there are no files. */
export function ownTableSettings(connector: Connector): FilesSettings | undefined {
  return isFilesConnector(connector) ? connector.files.ownTables?.settings : undefined
}
