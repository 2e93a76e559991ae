import type { FilesSettings } from '@/lib/core/files-settings'

export const formatLabels: Record<FilesSettings['format'], string> = { parquet: 'Parquet', csv: 'CSV', json: 'JSON', delta: 'Delta Lake', excel: 'Excel' }

/** What stands beside the name in the menu. */
export const formatHints: Record<FilesSettings['format'], string> = {
  parquet: 'recommended: columns and types are in the files',
  csv: 'also tab or semicolon separated, with or without a header',
  json: 'one object per line, or arrays of objects',
  delta: 'the folder of a table: the pattern ends where its _delta_log is',
  excel: 'one worksheet of .xlsx files',
}

export const formats: FilesSettings['format'][] = ['parquet', 'csv', 'json', 'delta', 'excel']
