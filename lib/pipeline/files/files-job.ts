import type { FilesConnector } from '@/lib/connectors/contract'
import type { FilesSettings } from '@/lib/core/files-settings'
import type { SyncJob } from '../types'

/** All that a sync of a table of files needs. */
export type FilesJob = Pick<SyncJob, 'workspaceId' | 'schemaId' | 'runId' | 'fence' | 'tableName' | 'config' | 'columnNames' | 'isFull' | 'brakePercent' | 'checkpointSeconds' | 'signal' | 'onProgress' | 'log'> & {
  connector: FilesConnector
  /** The schema's name. */
  name: string
  /** Which objects make the table, in the connector's own words. */
  pattern: string
  settings: FilesSettings
}
