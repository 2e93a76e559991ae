import { formatCount, formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { compareTableVersions } from '@/lib/tables/compare-table-versions'
import { findTableId } from '@/lib/tables/find-table'
import { ChangeKind, type CellValue, type ChangeView, type ComparisonView } from '@/lib/tables/versions-schema'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface DiffOptions {
  kind?: string
  limit: string
}

export async function diff(terminal: Terminal, name: string, from: string, to: string, options: DiffOptions): Promise<void> {
  const rows = numberOf('--limit', options.limit)
  if (rows > limits.differenceRows) throw new UsageError(`--limit is ${formatCount(limits.differenceRows)} at most`)
  const versions = { from: numberOf('<from>', from), to: numberOf('<to>', to) }
  await inWorkspace(terminal, async (workspaceId) => {
    const schemaId = await findTableId(workspaceId, name)
    const found = await compareTableVersions(workspaceId, { schemaId, ...versions, kind: ChangeKind.nullable().parse(options.kind ?? null), rows, letters: terminal.isJson ? null : 100 }, terminal.signal)
    terminal.result(document(found), () => words(found))
  })
}

function numberOf(what: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`${what} takes a number, not ${text}`)
  return Number(text)
}

/** Rows as objects, with the columns' names as keys. */
function document({ changes, nextOffset, ...found }: ComparisonView) {
  const asObject = (cells: CellValue[] | null, version: 'typeBefore' | 'typeAfter') => cells && Object.fromEntries(found.columns.flatMap((column, index) => (column[version] === null ? [] : [[column.name, cells[index] ?? null]])))
  return { ...found, changes: changes.map(({ kind, before, after, changed }) => ({ kind, before: asObject(before, 'typeBefore'), after: asObject(after, 'typeAfter'), changed: changed.map((index) => found.columns[index]?.name) })), isComplete: nextOffset === null }
}

function words(found: ComparisonView): string {
  const { table, from, to, columns, inserted, updated, deleted, changes, nextOffset } = found
  const heading = `${table}, version ${from.version} to ${to.version}: ${formatQuantity(inserted, 'row')} inserted, ${formatCount(updated)} updated, ${formatCount(deleted)} deleted`
  const came = columns.filter(({ typeBefore }) => typeBefore === null).map(({ name }) => `Column ${name} came`)
  const went = columns.filter(({ typeAfter }) => typeAfter === null).map(({ name }) => `Column ${name} is gone`)
  const retyped = columns.filter(({ typeBefore, typeAfter }) => typeBefore && typeAfter && typeBefore !== typeAfter).map(({ name, typeBefore, typeAfter }) => `Column ${name} was ${typeBefore} and is ${typeAfter}`)
  const shown = columns.flatMap(({ isCompared }, index) => (isCompared ? [index] : []))
  const grid = changes.length ? textTable(['', ...shown.map((index) => columns[index]?.name ?? '')], changes.map((change) => [mark(change), ...shown.map((index) => cell(change, index))])) : ''
  const more = nextOffset === null ? '' : `${formatQuantity(changes.length, 'row')} of more; --limit shows up to ${formatCount(limits.differenceRows)}`
  return [heading, ...came, ...went, ...retyped, grid, more].filter(Boolean).join('\n')
}

function mark({ kind }: ChangeView): string {
  return kind === 'inserted' ? '+' : kind === 'deleted' ? '-' : '~'
}

function cell({ before, after, changed }: ChangeView, index: number): string {
  const value = text((after ?? before)?.[index])
  return changed.includes(index) ? `${text(before?.[index])} → ${value}` : value
}

function text(value: CellValue | undefined): string {
  if (value === null || value === undefined) return 'NULL'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
