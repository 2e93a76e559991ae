import type { DiscoveredSchema, RowsBatch } from '@/lib/connectors/contract'

/** The rows that a reader of batches would have: what a sync makes of them, in miniature. */
export class TrackedTable {
  readonly rows = new Map<string, Record<string, unknown>>()

  constructor(private readonly schema: Pick<DiscoveredSchema, 'primaryKey'>) {}

  apply({ removals, rows }: RowsBatch): void {
    for (const removal of removals) {
      for (const [key, row] of this.rows) if (Object.entries(removal).every(([column, value]) => String(row[column]) === value)) this.rows.delete(key)
    }
    for (const row of rows) this.rows.set(this.schema.primaryKey.map((column) => String(row[column])).join('/'), row)
  }
}
