import { tableCatalogue } from '@/lib/tables/table-catalogue'
import { exportReadOnly } from '@/lib/warehouse/query/export-read-only'
import type { ExportFormat } from './schema'

/** Write the whole result of one SELECT into a new file. Throws as `runQuery` does. */
export function exportQuery(workspaceId: string, input: { sql: string; format: ExportFormat; guardsFormulas?: boolean }, outputFile: string, signal?: AbortSignal): Promise<{ rows: number; bytes: number }> {
  return exportReadOnly(tableCatalogue(workspaceId), input.sql, input.format, outputFile, { signal, queueKey: workspaceId, guardsFormulas: input.guardsFormulas })
}
