import type { FileFormat } from '@/lib/core/files-settings'
import { csvFormat } from './csv/csv-format'
import type { Format } from './format'
import { jsonFormat } from './json/json-format'
import { parquetFormat } from './parquet/parquet-format'

/** Excel's worksheets are written as CSV first; the data files of Delta Lake are Parquet. */
const FORMATS: Record<FileFormat, Format> = { parquet: parquetFormat, delta: parquetFormat, csv: csvFormat, excel: csvFormat, json: jsonFormat }

export function findFormat(format: FileFormat): Format {
  return FORMATS[format]
}
