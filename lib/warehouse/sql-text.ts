import { AppError } from '@/lib/core/errors'

/** A name as SQL text: quoted, whatever it holds. */
export function quoteIdentifier(name: string): string {
  return `"${checked(name).replaceAll('"', '""')}"`
}

/** A text value as SQL text. */
export function quoteLiteral(text: string): string {
  return `'${checked(text).replaceAll("'", "''")}'`
}

/** A file's path as SQL text that names this one file: DuckDB would read `*`, `?` and `[` as a pattern. */
export function quotePath(path: string): string {
  return quoteLiteral(path.replace(/[*?[]/g, '[$&]'))
}

/** Several files as a SQL list. */
export function quotePaths(paths: string[]): string {
  return `[${paths.map(quotePath).join(', ')}]`
}

function checked(text: string): string {
  // the engine takes zero-terminated text: the rest of the statement would be lost
  if (text.includes('\0')) throw new AppError('invalid', { title: 'A name or a value holds a zero byte', advice: 'Rename it without the zero byte' })
  return text
}
