import type { AsOf, TableAsOf } from '@/lib/core/as-of'
import { tableCatalogue } from '@/lib/tables/table-catalogue'
import { exportReadOnly } from '@/lib/warehouse/query/export-read-only'
import type { ExportFormat } from './schema'

interface ExportQuery {
  sql: string
  format: ExportFormat
  guardsFormulas?: boolean
  asOf?: AsOf | null
}

/** Write the whole result of one SELECT into a new file. Throws as `runQuery` does. */
export async function exportQuery(workspaceId: string, input: ExportQuery, outputFile: string, signal?: AbortSignal): Promise<{ rows: number; bytes: number; asOf?: TableAsOf[] }> {
  const catalogue = tableCatalogue(workspaceId, input.asOf)
  const written = await exportReadOnly(catalogue, input.sql, input.format, outputFile, { signal, queueKey: workspaceId, guardsFormulas: input.guardsFormulas })
  return input.asOf ? { ...written, asOf: catalogue.readAsOf() } : written
}
