import type { AsOf } from '@/lib/core/as-of'
import { newExportFile } from '@/lib/warehouse/query/kept-exports'
import { exportQuery } from './export-query'
import type { ExportFormat, FinishedExport } from './schema'

/** Export a query into a file that waits an hour to be fetched by its id. Throws as `runQuery` does. */
export async function keepExport(workspaceId: string, input: { sql: string; format: ExportFormat; guardsFormulas: boolean; asOf?: AsOf | null }, signal?: AbortSignal): Promise<FinishedExport> {
  const { id, file } = await newExportFile(workspaceId, input.format)
  return { id, format: input.format, ...(await exportQuery(workspaceId, input, file, signal)) }
}
