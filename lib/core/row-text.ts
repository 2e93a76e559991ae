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

/** A function of Postgres takes a hundred arguments: of more columns than this the fields are joined in groups, and the groups once more. */
const FIELDS_TOGETHER = 90
const FIELDS_OF_GROUP = 40

/** Can its text hold any character, the separator too? Then its length in bytes counts among the lengths. */
export function isAnyText({ type, sourceType }: ComparedColumn): boolean {
  return type === 'VARCHAR' && !/^(numeric|interval)\b[^[]*$/.test(sourceType)
}

export function inGroups<T>(items: T[]): T[][] {
  const groups: T[][] = []
  for (let at = 0; at < items.length; at += FIELDS_OF_GROUP) groups.push(items.slice(at, at + FIELDS_OF_GROUP))
  return groups
}

/** The fields of a row, joined: `concat_ws` of both engines leaves NULLs out; which they are is told by the marks. */
export function joinedSql(marks: string, lengths: string | null, fields: string[], separator: string): string {
  const join = (parts: string[]) => `concat_ws(${separator}, ${parts.join(', ')})`
  const first = [marks, ...(lengths === null ? [] : [lengths])]
  return join([...first, ...(fields.length > FIELDS_TOGETHER ? inGroups(fields).map(join) : fields)])
}

/** The lengths of the texts, each times its place among them, so that what moves from one text into another changes the sum. Null without texts. */
export function lengthsSql(lengths: string[]): string | null {
  if (!lengths.length) return null
  // in groups: a sum of a thousand terms is a thousand levels deep
  return inGroups(lengths.map((length, index) => `CAST(${index + 1} AS bigint) * coalesce(${length}, 0)`)).map((group) => `(${group.join(' + ')})`).join(' + ')
}

/** Why rows cannot be found by ranges of a key with such a column; null when they can. */
export function rangeRefusal(name: string, type: string): string | null {
  return ORDERED.test(type) ? null : `Its key column ${name} (${type}) has no order on which the source and the warehouse agree`
}

const ORDERED = /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UINTEGER|UBIGINT|DECIMAL\(\d+, ?\d+\)|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|UUID|VARCHAR)$/
