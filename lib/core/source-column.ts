import { z } from 'zod'

/**
 * How a column's values travel in a batch of CSV bytes:
 * - `plain`: the field is text that DuckDB's CSV reader turns into the column's type by itself
 * - `cast`: the field is text that a CAST turns into the column's type
 * - `date`: the field is a date, to be read as TIMESTAMP and cast to DATE: read as DATE, DuckDB takes
 *   `0044-03-15 BC` for a day of our era, without an error
 * - `hex`: `\x` and hexadecimal digits, for BLOB
 * - `epoch`: whole seconds since 1970-01-01T00:00:00Z, for TIMESTAMPTZ
 * - `json-list`: a JSON array of strings (or nulls), each the text of an element, for `T[]`
 */
export const Encoding = z.enum(['plain', 'cast', 'date', 'hex', 'epoch', 'json-list'])
export type Encoding = z.infer<typeof Encoding>

export interface SourceColumn {
  /** The name upstream, unchanged. */
  name: string
  /** The type in the source's own words: `numeric(10,2)`. */
  sourceType: string
  /** The DuckDB type that keeps its value: `DECIMAL(10,2)`, `BIGINT[]`, `VARCHAR`. */
  type: string
  encoding: Encoding
  nullable: boolean
  /** For the fidelity report: why it is kept as text, or what a reader should know. */
  note?: string
  /** What becomes of its values: the same in a type of their own (absent), in a type that holds more than the source's, or as the text that the source prints. */
  fidelity?: 'widened' | 'text'
}
