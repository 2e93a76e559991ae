import type { FileFormat } from '@/lib/core/files-settings'
import { AppError } from '@/lib/core/errors'

const PACKED = /\.(gz|gzip|zst|zstd|zip)$/
const BY_ENDING: [RegExp, FileFormat][] = [
  [/\.(parquet|pqt|parq)$/, 'parquet'],
  [/\.(csv|tsv|tab|psv|txt)$/, 'csv'],
  [/\.(json|jsonl|ndjson|jsonlines)$/, 'json'],
  [/\.xlsx$/, 'excel'],
]

/** How much of a file's beginning tells what it is. */
export const SNIFFED_BYTES = 4096

/** The format that a name tells. Throws AppError `invalid` for a file that can be no table. */
export function formatOfName(name: string): FileFormat {
  const bare = name.toLowerCase().replace(PACKED, '')
  const found = BY_ENDING.find(([ending]) => ending.test(bare))?.[1]
  if (found) return found
  const isOldExcel = /\.(xls|xlsb|xlsm)$/.test(bare)
  const ending = /\.[a-z0-9]{1,10}$/.exec(bare)?.[0]
  throw new AppError('invalid', {
    title: `${name} is of a kind that cannot be read`,
    detail: isOldExcel ? `${ending} is an older form of Excel` : ending ? `It ends in ${ending}` : 'Its name has no ending',
    advice: isOldExcel ? 'Save it as .xlsx or .csv and upload that' : 'Upload CSV, JSON, Parquet or Excel (.xlsx), also compressed as .gz, .zst or .zip',
  })
}

/** The format of a file by its name, unless its first bytes say plainly that it is another. */
export function sniffFormat(name: string, head: Uint8Array): FileFormat {
  const named = formatOfName(name)
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('PAR1')) return 'parquet'
  if (text.startsWith('PK\u0003\u0004') && !PACKED.test(name.toLowerCase()) && /\[Content_Types\]\.xml|xl\//.test(text)) return 'excel'
  if (PACKED.test(name.toLowerCase()) || named === 'parquet' || named === 'excel') return named
  // a list or an object at the beginning of a text file is JSON; a CSV that is called JSON begins otherwise
  const first = text.replace(/^\u00ef\u00bb\u00bf/, '').trimStart()
  if (named === 'csv' && name.toLowerCase().endsWith('.txt') && /^(\{\s*["}]|\[\s*[[{\]])/.test(first)) return 'json'
  return named
}
