import { comparableText } from '@/lib/core/comparable-text'
import type { DiscoveredSchema, RowsBatch, SourceColumn } from '../contract'

type Row = Record<string, unknown>

/** A failing test shows so many lines. */
const SHOWN = 20

/** The rows that a reader of `rows` batches would have: what a sync makes of them, in miniature. Values are compared by the types of their columns. */
export class TrackedTable {
  readonly rows = new Map<string, Row>()
  private readonly columns: ReadonlyMap<string, SourceColumn>
  private readonly primaryKey: string[]

  constructor({ columns, primaryKey }: Pick<DiscoveredSchema, 'columns' | 'primaryKey'>) {
    this.columns = new Map(columns.map((column) => [column.name, column]))
    this.primaryKey = primaryKey
  }

  apply({ removals, rows }: RowsBatch): this {
    for (const removal of removals) {
      const names = Object.keys(removal)
      for (const [key, row] of this.rows) if (names.every((name) => this.textOf(name, row[name]) === this.textOf(name, removal[name]))) this.rows.delete(key)
    }
    for (const row of rows) this.rows.set(this.keyOf(row), row)
    return this
  }

  applyAll(batches: RowsBatch[]): this {
    for (const batch of batches) this.apply(batch)
    return this
  }

  ids(): string[] {
    return [...this.rows.keys()].toSorted()
  }

  /** The primary key of a row as one text: its values with `/` between them, each as its type compares it. */
  keyOf(row: Row): string {
    return this.primaryKey.map((name) => this.textOf(name, row[name])).join('/')
  }

  /** @param key as `keyOf` has it; a key of one column may be written as the source writes it. */
  has(key: string): boolean {
    const [name = '', ...others] = this.primaryKey
    return this.rows.has(key) || (others.length === 0 && this.rows.has(this.textOf(name, key)))
  }

  /** Is this row here, just as it is? */
  hasSame(row: Row): boolean {
    const mine = this.rows.get(this.keyOf(row))
    return mine !== undefined && fieldsThatDiffer(mine, row).length === 0
  }

  /** A line for every row that is missing here, should be gone, or has a field with another value; a field that is missing is NULL. */
  differences(wanted: TrackedTable): string[] {
    const keys = new Set([...this.rows.keys(), ...wanted.rows.keys()])
    return shortened([...keys].flatMap((key) => {
      const [mine, theirs] = [this.rows.get(key), wanted.rows.get(key)]
      if (!mine) return [`${key} is missing`]
      if (!theirs) return [`${key} should be gone`]
      return fieldsThatDiffer(mine, theirs).map((field) => `${key}.${field} is ${jsonOf(mine[field])} and should be ${jsonOf(theirs[field])}`.slice(0, 240))
    }))
  }

  private textOf(name: string, value: unknown): string {
    return comparableText(value, this.columns.get(name)) ?? String(value)
  }
}

/** The first of them, and how many more there are. */
export function shortened(lines: string[]): string[] {
  return lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more`]
}

function fieldsThatDiffer(one: Row, other: Row): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((field) => jsonOf(one[field]) !== jsonOf(other[field]))
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value ?? null)
}
