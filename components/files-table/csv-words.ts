import type { CsvSettings } from '@/lib/core/files-settings'

export const delimiters: Record<string, string> = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Pipe', ' ': 'Space' }

export const encodings: Record<string, string> = {
  'utf-8': 'UTF-8', 'windows-1252': 'Windows-1252 (Western)', 'windows-1250': 'Windows-1250 (Central European)', 'windows-1251': 'Windows-1251 (Cyrillic)', 'iso-8859-2': 'ISO 8859-2', 'iso-8859-15': 'ISO 8859-15',
  'utf-16le': 'UTF-16 LE', 'utf-16be': 'UTF-16 BE', shift_jis: 'Shift JIS', 'euc-jp': 'EUC-JP', gb18030: 'GB 18030', big5: 'Big5', 'euc-kr': 'EUC-KR', macintosh: 'Mac Roman',
}

export const delimiterWords = (delimiter: string): string => delimiters[delimiter] ?? `“${delimiter}”`
export const encodingWords = (encoding: string): string => encodings[encoding.toLowerCase()] ?? encoding
export const markWords = (mark: string): string => (mark === '' ? 'None' : mark === '"' ? 'Double quote' : mark === "'" ? 'Single quote' : mark === '\\' ? 'Backslash' : mark)

/** "Comma · header · UTF-8 · 2 lines skipped": how a file is understood, in one line. */
export function csvWords(csv: Required<CsvSettings>): string {
  return [
    delimiterWords(csv.delimiter),
    csv.header ? 'header' : 'no header',
    encodingWords(csv.encoding),
    csv.quote === '"' ? null : csv.quote === '' ? 'no quotes' : `quote ${csv.quote}`,
    csv.escape === csv.quote || csv.escape === '' ? null : `escape ${csv.escape}`,
    csv.skipLines ? (csv.skipLines === 1 ? '1 line skipped' : `${csv.skipLines} lines skipped`) : null,
    csv.comment ? `comments ${csv.comment}` : null,
    csv.nullTexts.length ? `NULL: ${csv.nullTexts.join(', ')}` : null,
    csv.raggedRows === 'padded' ? 'short rows filled up' : null,
  ].filter((words) => words !== null).join(' · ')
}
