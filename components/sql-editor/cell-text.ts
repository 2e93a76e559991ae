import type { CellValue } from '@/lib/sql-editor/schema'

/** A value as one line of text, as the table and the clipboard show it; NULL is an empty text. */
export function cellText(value: CellValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

/** A value as its own panel shows it: JSON is indented. */
export function cellDetail(value: CellValue | undefined, type: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return JSON.stringify(value, null, 2)
  if (type === 'JSON' && typeof value === 'string') return indentJson(value)
  return cellText(value)
}

/** Indents without parsing: a number with more digits than a double has keeps them. */
function indentJson(text: string): string {
  let out = ''
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === '}' || token === ']') {
      depth--
      out = out.endsWith('{') || out.endsWith('[') ? out + token : `${out}\n${'  '.repeat(Math.max(0, depth))}${token}`
      continue
    }
    if (out.endsWith('{') || out.endsWith('[') || out.endsWith(',')) out += `\n${'  '.repeat(depth)}`
    out += token === ':' ? ': ' : token
    if (token === '{' || token === '[') depth++
  }
  return out
}

const NUMBER_TYPES = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U(TINY|SMALL|BIG|HUGE)INT|UINTEGER|FLOAT|DOUBLE|BIGNUM|DECIMAL(\(.*\))?)$/

/** Numbers stand at the right, so that their digits do. */
export function isNumberType(type: string): boolean {
  return NUMBER_TYPES.test(type)
}

/** Rows as tab-separated text, for spreadsheets. */
export function rowsAsText(columns: { name: string }[] | null, rows: CellValue[][]): string {
  const field = (text: string): string => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = rows.map((row) => row.map((value) => field(cellText(value))).join('\t'))
  if (columns) lines.unshift(columns.map((column) => field(column.name)).join('\t'))
  return lines.join('\n')
}
