import { expect, test } from 'vitest'
import type { CsvSettings } from '@/lib/core/files-settings'
import { csvWords } from './csv-words'
import { refreshedWords } from './refreshed-words'

const usual: Required<CsvSettings> = { header: true, delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', skipLines: 0, nullTexts: [], comment: '', raggedRows: 'strict' }

test.each<[Partial<CsvSettings>, string]>([
  [{}, 'Comma · header · UTF-8'],
  [{ delimiter: '\t', header: false, encoding: 'Windows-1252' }, 'Tab · no header · Windows-1252 (Western)'],
  [{ delimiter: '||', encoding: 'ibm866' }, '“||” · header · ibm866'],
  [{ quote: '', escape: '' }, 'Comma · header · UTF-8 · no quotes'],
  [{ quote: "'", escape: '\\', skipLines: 2, comment: '#', nullTexts: ['NA', '-'], raggedRows: 'padded' }, "Comma · header · UTF-8 · quote ' · escape \\ · 2 lines skipped · comments # · NULL: NA, - · short rows filled up"],
])('%j is said in one line, without what is usual', (csv, words) => {
  expect(csvWords({ ...usual, ...csv })).toBe(words)
})

test('refreshed columns are named, the first of many', () => {
  const none = { name: 'orders', added: [], missing: [], retyped: [], problem: null }
  expect(refreshedWords(none)).toBe('orders: the same columns as before')
  expect(refreshedWords({ ...none, added: ['a'], retyped: ['b', 'c'] })).toBe('orders: 1 new column (a), 2 changed types (b, c)')
  expect(refreshedWords({ ...none, missing: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] })).toBe('orders: 8 missing columns (a, b, c, d, e, f and 2 more)')
})
