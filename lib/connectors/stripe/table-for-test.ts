import type { RowsBatch } from '../contract'

/** What a sync makes of batches, in miniature. */
export class TableForTest {
  readonly rows = new Map<string, Record<string, unknown>>()

  constructor(private readonly primaryKey: string[]) {}

  apply({ removals, rows }: RowsBatch): void {
    for (const removal of removals) {
      for (const [key, row] of this.rows) if (Object.entries(removal).every(([column, value]) => row[column] === value)) this.rows.delete(key)
    }
    for (const row of rows) this.rows.set(this.primaryKey.map((column) => String(row[column])).join('/'), row)
  }

  ids(): string[] {
    return [...this.rows.keys()].toSorted()
  }

  /** A line for every row that is missing here, is not there, or is another. */
  differences(other: TableForTest): string[] {
    const keys = new Set([...this.rows.keys(), ...other.rows.keys()])
    return [...keys].flatMap((key) => {
      const [mine, theirs] = [this.rows.get(key), other.rows.get(key)]
      if (!mine) return [`${key} is missing`]
      if (!theirs) return [`${key} should be gone`]
      const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter((field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]))
      return fields.map((field) => `${key}.${field} is ${JSON.stringify(mine[field])} and should be ${JSON.stringify(theirs[field])}`.slice(0, 240))
    })
  }
}
