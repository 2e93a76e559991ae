import { FileProblem } from '../file-problem'

/** The table cannot be read, whatever its files are. */
export function deltaProblem(detail: string, advice = 'Repair the Delta table, or choose its Parquet files as the format', cause?: unknown): FileProblem {
  return new FileProblem('The Delta table cannot be read', detail, advice, cause)
}

/** A feature that would change what the rows are, and is not known here. */
export function unknownFeature(feature: string): FileProblem {
  return deltaProblem(`It uses the feature ${feature}, which is not supported`, `Switch ${feature} off for the table, or write a copy of it without`)
}
