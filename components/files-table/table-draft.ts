import type { FilesSettings } from '@/lib/core/files-settings'
import type { FilesTableInput } from '@/lib/sources/files-table-schema'
import type { Frequency } from '@/lib/syncs/schema'

/** A table of files as it stands in a form. */
export interface TableDraft {
  /** Tells the tables of a form apart. */
  key: string
  name: string
  pattern: string
  settings: FilesSettings
  /** Null: as often as the source. */
  frequency: Frequency | null
  /** Of a table that is there: from which share of the rows on a version waits for a decision; null for never. */
  brakePercent?: number | null
  /** Did people choose the format? Else it follows the pattern. */
  isFormatChosen: boolean
  /** Did people type the name? Else it follows the pattern. */
  isNameTyped: boolean
}

export interface TableErrors {
  name?: string | undefined
  pattern?: string | undefined
}

let drafts = 0

export function newTableDraft(): TableDraft {
  drafts += 1
  return { key: `table-${drafts}`, name: '', pattern: '', settings: { format: 'parquet', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }, frequency: null, isFormatChosen: false, isNameTyped: false }
}

/** The draft with another pattern; name and format follow it until people say otherwise. */
export function withPattern(draft: TableDraft, pattern: string): TableDraft {
  const format = draft.isFormatChosen ? undefined : formatOf(pattern)
  return {
    ...draft,
    pattern,
    name: draft.isNameTyped ? draft.name : nameOf(pattern),
    settings: format && format !== draft.settings.format ? withFormat(draft.settings, format) : draft.settings,
  }
}

/** What was found in files of another format says nothing any more. */
export function withFormat({ worksheet: _, ...settings }: FilesSettings, format: FilesSettings['format']): FilesSettings {
  return { ...settings, format, csv: {}, types: {} }
}

const endings: [RegExp, FilesSettings['format']][] = [
  [/\.(parquet|pqt|parq)$/, 'parquet'],
  [/\.(csv|tsv|tab|psv|txt)$/, 'csv'],
  [/\.(json|jsonl|ndjson|jsonlines)$/, 'json'],
  [/\.xlsx$/, 'excel'],
  [/\/_delta_log(\/|$)/, 'delta'],
]

/** The format that a pattern's ending tells; undefined when it tells none. */
export function formatOf(pattern: string): FilesSettings['format'] | undefined {
  const bare = pathOf(pattern).toLowerCase().replace(/\.(gz|gzip|zst|zstd|zip)$/, '')
  return endings.find(([ending]) => ending.test(bare))?.[1]
}

const NAME_LENGTH_MAX = 128
const PATTERN_LENGTH_MAX = 5000

/** A name for the table: the last part of the pattern that says more than `*`. `s3://b/orders/2026/*.csv` → `orders`. */
export function nameOf(pattern: string): string {
  const [bucket = '', ...parts] = pathOf(pattern).split('/')
  const last = parts.at(-1) ?? ''
  const stems = [...parts.slice(0, -1).reverse(), last.replace(/(\.[a-z0-9]+)+$/i, '')]
  // a folder names many files better than they name themselves; one file names itself best
  const ordered = last.includes('*') || last === '' ? stems : [stems.at(-1) ?? '', ...stems.slice(0, -1)]
  const words = ordered.find((part) => /\p{L}/u.test(part) && !/[*?=]/.test(part)) ?? ''
  // a host says nothing of what is in its files
  return snake(words || (/^https?:/i.test(pattern.trim()) ? '' : bucket))
}

/** What comes after the scheme, with the bucket in front; without what a signed address has behind it. Of several addresses the first. */
function pathOf(pattern: string): string {
  const [first = ''] = pattern.trim().split(/[\s,]+(?=https?:)/i)
  return (first.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[?#]/)[0] ?? '').replace(/\/+/g, '/')
}

function snake(text: string): string {
  const name = text.normalize('NFKD').replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/_+/g, '_').replace(/^_|_$/g, '')
  return (/^\d/.test(name) ? `_${name}` : name).slice(0, NAME_LENGTH_MAX)
}

/**
 * What is wrong with a table, in words. The rules of `FilesTableInput` in lib/sources/files-table-schema, said again without Zod,
 * which would be a good part of the page's script; a test holds the two together.
 */
export function tableErrors({ name, pattern }: Pick<TableDraft, 'name' | 'pattern'>, otherNames: string[]): TableErrors {
  return { name: nameProblem(name.trim().toLowerCase(), otherNames), pattern: patternProblem(pattern.trim()) }
}

function nameProblem(name: string, otherNames: string[]): string | undefined {
  if (!name) return 'Enter a name for the table'
  if (name.length > NAME_LENGTH_MAX) return `Use ${NAME_LENGTH_MAX} characters or fewer`
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) return 'Use letters, digits and _, beginning with a letter'
  return otherNames.includes(name) ? `There is a table ${name} already` : undefined
}

function patternProblem(pattern: string): string | undefined {
  if (!pattern) return 'Enter where the files are'
  return pattern.length > PATTERN_LENGTH_MAX ? 'Use 5,000 characters or fewer' : undefined
}

export function hasTableError(errors: TableErrors): boolean {
  return Boolean(errors.name || errors.pattern)
}

/** Changes when something does that decides what is read from which files: what was checked before says nothing then. */
export function readingKey({ pattern, settings }: Pick<TableDraft, 'pattern' | 'settings'>): string {
  const { changes: _changes, broken: _broken, ...reading } = settings
  return JSON.stringify([pattern.trim(), reading])
}

export function toTableInput({ name, pattern, settings, frequency }: TableDraft): FilesTableInput {
  return { name: name.trim().toLowerCase(), pattern: pattern.trim(), settings, ...(frequency && { frequency }) }
}
