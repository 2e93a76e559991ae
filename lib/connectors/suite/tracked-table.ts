import type { RowsBatch } from '../contract'

/** The rows that a reader of `rows` batches would have: what a sync makes of them, in miniature. */
export class TrackedTable {
  readonly rows = new Map<string, Record<string, unknown>>()

  constructor(private readonly primaryKey: string[]) {}

  apply({ removals, rows }: RowsBatch): this {
    for (const removal of removals) {
      for (const [key, row] of this.rows) if (Object.entries(removal).every(([column, value]) => String(row[column]) === value)) this.rows.delete(key)
    }
    for (const row of rows) this.rows.set(keyOf(row, this.primaryKey), row)
    return this
  }

  applyAll(batches: RowsBatch[]): this {
    for (const batch of batches) this.apply(batch)
    return this
  }

  ids(): string[] {
    return [...this.rows.keys()].toSorted()
  }

  /** A line for every row that is missing here, should be gone, or has a field with another value; a field that is missing is NULL. */
  differences(wanted: TrackedTable): string[] {
    const keys = new Set([...this.rows.keys(), ...wanted.rows.keys()])
    return [...keys].flatMap((key) => {
      const [mine, theirs] = [this.rows.get(key), wanted.rows.get(key)]
      if (!mine) return [`${key} is missing`]
      if (!theirs) return [`${key} should be gone`]
      const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)])
      return [...fields].flatMap((field) => {
        const [is, should] = [mine, theirs].map((row) => JSON.stringify(row[field] ?? null))
        return is === should ? [] : [`${key}.${field} is ${is} and should be ${should}`.slice(0, 240)]
      })
    })
  }
}

/** A primary key as one text. */
export function keyOf(row: Record<string, unknown>, primaryKey: string[]): string {
  return primaryKey.map((column) => String(row[column])).join('/')
}
