import { differenceWords } from '@/lib/core/difference-words'

/** What to do about a table that differs from its source. */
export function differingAdvice(tableName: string): string {
  return `Look at the rows with: tributary verify ${tableName}; bring them in line with: tributary verify ${tableName} --repair`
}

/** "orders differs from its source: 3 rows gone at the source". */
export function differingWords(name: string, differences: Parameters<typeof differenceWords>[0]): string {
  return `${name} differs from its source: ${differenceWords(differences)}`
}
