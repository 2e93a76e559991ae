import { z } from 'zod'

export const FileFormat = z.enum(['parquet', 'csv', 'json', 'delta', 'excel'])
export type FileFormat = z.infer<typeof FileFormat>

/** How a CSV file is to be understood. What is absent is found out from each file. */
export const CsvSettings = z.object({
  /** Does the first row hold the names of the columns? */
  header: z.boolean().optional(),
  /** One to four characters between fields. */
  delimiter: z.string().min(1).max(4).optional(),
  /** Empty: fields are never quoted. */
  quote: z.string().max(1).optional(),
  escape: z.string().max(1).optional(),
  /** A label of the WHATWG encoding standard: `utf-8`, `windows-1252`, `utf-16le`. */
  encoding: z.string().max(40).optional(),
  /** Lines before the header that are no rows. */
  skipLines: z.number().int().min(0).max(1000).optional(),
  /** Unquoted texts that stand for NULL, beside the empty one. */
  nullTexts: z.array(z.string().max(40)).max(10).optional(),
  /** Lines that begin with it are no rows. */
  comment: z.string().max(1).optional(),
  /** `strict`: a row with too few or too many fields is an error. `padded`: missing fields at its end are NULL; too many stay an error. */
  raggedRows: z.enum(['strict', 'padded']).optional(),
})
export type CsvSettings = z.infer<typeof CsvSettings>

/** What people set for a table that is made of files; kept with its schema. */
export const FilesSettings = z.object({
  format: FileFormat,
  csv: CsvSettings.default({}),
  /** The worksheet of Excel files; the first one when absent. */
  worksheet: z.string().max(100).optional(),
  /** Types that people chose, by the names of the columns in the files: DuckDB types. */
  types: z.record(z.string(), z.string().max(200)).default({}),
  /**
   * `mirror`: the table is the union of the objects as they are now. `keep-deleted`: the rows of an object that is gone stay.
   * `append`: an object that was read once is never read again, whatever becomes of it.
   */
  changes: z.enum(['mirror', 'keep-deleted', 'append']).default('mirror'),
  /** What a file does that cannot be read: it fails the sync, or is left out and named in the report. */
  broken: z.enum(['fail', 'set-aside']).default('fail'),
})
export type FilesSettings = z.infer<typeof FilesSettings>
