export interface Measure {
  name: string
  value: number
  /** `×` for a ratio of two times, else the unit. */
  unit: string
  /** The value to stay at or below; null where there is none. */
  bar: number | null
  detail?: string
}

/** What a worker may hold while it syncs a table of a database. */
export const WORKER_MEGABYTES = 400

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`
}
