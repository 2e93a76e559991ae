import { FileFormat, FilesSettings } from '@/lib/core/files-settings'
import { FilesTableInput } from '@/lib/sources/files-table-schema'
import { UsageError } from './terminal'

export interface TableOptions {
  table?: string[]
  format?: string[]
  settings?: string[]
}

/** The tables of `--table NAME=PATTERN`, each with its `--format` and its `--settings`, or with those that name no table. */
export function parseTables({ table = [], format = [], settings = [] }: TableOptions): FilesTableInput[] {
  const pairs = table.map((text) => split('--table', text))
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw new UsageError(`--table ${twice} is there twice: each table needs a name of its own`)
  if (!pairs.length && format.length + settings.length) throw new UsageError('--format and --settings are about tables: name one with --table NAME=PATTERN')
  const formats = byTable(format, names)
  const extras = byTable(settings, names)
  return pairs.map(([name, pattern]) => {
    const chosen = formats.get(name) ?? formats.get(null) ?? guessFormat(pattern)
    const read = FilesTableInput.safeParse({ name, pattern, settings: { ...parseSettings(extras.get(name) ?? extras.get(null)), format: parseFormat(chosen) } })
    if (read.success) return read.data
    throw new UsageError(`--table ${name}: ${read.error.issues[0]?.message}`)
  })
}

function split(option: string, text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw new UsageError(`${option} ${text}: write NAME=PATTERN, such as orders=s3://bucket/orders/*.parquet`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** `csv` is about every table, `orders=csv` about one. */
function byTable(texts: string[], names: string[]): Map<string | null, string> {
  const found = new Map<string | null, string>()
  for (const text of texts) {
    const name = names.find((each) => text.startsWith(`${each}=`))
    found.set(name ?? null, name === undefined ? text : text.slice(name.length + 1))
  }
  return found
}

function parseFormat(text: string): FileFormat {
  const format = FileFormat.safeParse(text.toLowerCase()).data
  if (format) return format
  throw new UsageError(`--format ${text}: write parquet, csv, json, delta or excel, or one of them for one table: NAME=csv`)
}

function parseSettings(text: string | undefined): object {
  if (text === undefined) return {}
  const read = FilesSettings.partial().safeParse(parseJson(text))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`--settings ${text}: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`--settings ${text}: write JSON, such as {"csv": {"delimiter": ";"}, "changes": "append"}`)
  }
}

/** By the ending of the pattern; Parquet where it tells nothing. */
function guessFormat(pattern: string): string {
  const bare = pattern.toLowerCase().split(/[?#]/)[0]?.replace(/\.(gz|gzip|zst|zstd|zip)$/, '') ?? ''
  if (/\.(csv|tsv|tab|psv|txt)$/.test(bare)) return 'csv'
  if (/\.(json|jsonl|ndjson)$/.test(bare)) return 'json'
  if (bare.endsWith('.xlsx')) return 'excel'
  return /\/_delta_log\/?$/.test(bare) ? 'delta' : 'parquet'
}
