/** What the text of a row needs to know of a column. docs/checksums.md defines it; the two dialects are beside the two engines. */
export interface ComparedColumn {
  /** The DuckDB type that keeps the value. */
  type: string
  sourceType: string
}

/** Between the fields: a character that no number, time, JSON or hexadecimal text holds. */
export const SEPARATOR = '\u001f'

/** Before the marks that say which fields are NULL; a row without NULLs has none. */
export const NULLS = '~'

/** A function of Postgres takes a hundred arguments, so that fields are joined in groups and the groups once more. */
export const FIELDS_OF_GROUP = 40

/** Can its text hold any character, the separator too? Then the text's length in bytes is a field before it. */
export function isAnyText({ type, sourceType }: ComparedColumn): boolean {
  return type === 'VARCHAR' && !/^(numeric|interval)\b[^[]*$/.test(sourceType)
}

export function inGroups<T>(items: T[]): T[][] {
  const groups: T[][] = []
  for (let at = 0; at < items.length; at += FIELDS_OF_GROUP) groups.push(items.slice(at, at + FIELDS_OF_GROUP))
  return groups
}

/** Why rows cannot be found by ranges of a key with such a column; null when they can. */
export function rangeRefusal(name: string, type: string): string | null {
  return ORDERED.test(type) ? null : `Its key column ${name} (${type}) has no order on which the source and the warehouse agree`
}

const ORDERED = /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UINTEGER|UBIGINT|DECIMAL\(\d+, ?\d+\)|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|UUID|VARCHAR)$/
