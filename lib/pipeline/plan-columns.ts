import type { SourceColumn } from '@/lib/connectors/contract'
import { RUN_ID, SYNCED_AT, isKeptExactly, type StageColumn } from '@/lib/warehouse/column-sql'
import { RESERVED_NAMES } from '@/lib/warehouse/parquet-sql'
import type { TableSnapshot, VersionColumn } from '@/lib/warehouse/version'
import type { SyncReport } from './types'

export type Warning = SyncReport['warnings'][number]

/** Columns, by their names upstream, that did not fit their type in this run. */
export type Demotions = ReadonlyMap<string, { type: string; note: string }>

interface ColumnsInput {
  selected: SourceColumn[]
  /** Every column upstream, chosen or not. */
  discovered: SourceColumn[]
  former: TableSnapshot | null
  greatestFieldId: number
  demotions: Demotions
  keyColumns: string[]
  /** Try the declared types again, also of columns that were once kept as text. */
  forgetsDemotions: boolean
}

interface PlannedColumns {
  read: StageColumn[]
  columns: VersionColumn[]
  syncedAt: VersionColumn
  runId: VersionColumn
  /** Why the columns ask for reading everything; null when the former files still fit. */
  fullReason: string | null
  warnings: Warning[]
}

/**
 * The columns of the next version: what is upstream, with the field id and the name it had before; then what was dropped
 * upstream; then our own two. A field id stands for one column with one type for ever.
 */
export function planColumns(input: ColumnsInput): PlannedColumns {
  const { selected, discovered, former } = input
  const formerColumns = former?.columns ?? []
  const warnings: Warning[] = []
  let fieldId = Math.max(input.greatestFieldId, ...formerColumns.map((column) => column.fieldId), 0)
  const nextFieldId = () => ++fieldId
  // A column that was deselected leaves the table; one that was dropped upstream stays.
  const dropped = formerColumns.filter((column) => column.sourceName !== null && !discovered.some(({ name }) => name === column.sourceName))
  const own = (name: string, type: string) => formerColumns.find((column) => column.sourceName === null && column.name === name) ?? { fieldId: nextFieldId(), name, sourceName: null, sourceType: '', type, isPresent: true }
  const syncedAt = own(SYNCED_AT, 'TIMESTAMPTZ')
  const runId = own(RUN_ID, 'VARCHAR')
  const takeName = nameTaker([...formerColumns.filter((column) => column.sourceName === null || dropped.includes(column) || selected.some(({ name }) => name === column.sourceName)), syncedAt, runId].map(({ name }) => name))
  const read = selected.map((source): StageColumn => {
    const known = formerColumns.find((column) => column.sourceName === source.name)
    const { request, ...typing } = typeOf(source, known, input)
    const name = known?.name ?? takeName(source.name)
    if (name !== source.name && !known) warnings.push({ column: source.name, message: `It is called ${name} in the warehouse, since its own name is taken there` })
    if (typing.note) warnings.push({ column: source.name, message: typing.note })
    const isSame = known?.type === typing.type
    const isKey = input.keyColumns.includes(source.name) ? { isKey: true } : {}
    return { source: request, target: { fieldId: isSame ? known.fieldId : nextFieldId(), name, sourceName: source.name, sourceType: source.sourceType, isPresent: true, ...typing, ...isKey } }
  })
  const columns = [...read.map(({ target }) => target), ...dropped.map(asDropped), syncedAt, runId]
  return { read, columns, syncedAt, runId, fullReason: reasonOf(input, read), warnings }
}

/** The type that a column gets, and how it is asked for. */
function typeOf(source: SourceColumn, known: VersionColumn | undefined, { demotions, forgetsDemotions }: ColumnsInput): { request: SourceColumn } & Pick<VersionColumn, 'type' | 'note' | 'demotedFrom'> {
  const asText: SourceColumn = { ...source, type: 'VARCHAR', encoding: 'plain' }
  const now = demotions.get(source.name)
  if (now) return { request: asText, type: 'VARCHAR', demotedFrom: now.type, note: now.note }
  if (!isKeptExactly(source.type)) return { request: asText, type: 'VARCHAR', note: `Kept as text because a file cannot hold every value of ${source.sourceType}` }
  const isRemembered = !forgetsDemotions && known?.demotedFrom === source.type && known.sourceType === source.sourceType
  if (isRemembered) return { request: asText, type: 'VARCHAR', demotedFrom: known.demotedFrom, note: known.note }
  return { request: source, type: source.type, ...(source.note ? { note: source.note } : {}) }
}

/** NULL from now on; no part of the key any more. */
function asDropped({ isKey: _, ...column }: VersionColumn): VersionColumn {
  return { ...column, isPresent: false }
}

/** A column that was there the last time and is not any more: said once, with what becomes of the values that were read. */
export function goneWarnings(former: TableSnapshot | null, columns: VersionColumn[], isReadAnew: boolean): Warning[] {
  const gone = columns.filter((column) => !column.isPresent && former?.columns.find(({ fieldId }) => fieldId === column.fieldId)?.isPresent)
  return gone.map(({ sourceName }) => ({ column: sourceName, message: isReadAnew ? 'It is gone upstream. Every row was read anew, so that it is NULL in all of them; earlier versions have its values' : 'It is gone upstream. Rows that were read before keep its values, later ones have NULL' }))
}

function reasonOf({ former, selected, discovered }: ColumnsInput, read: StageColumn[]): string | null {
  if (!former) return null
  for (const { target } of read) {
    const known = former.columns.find((column) => column.sourceName === target.sourceName)
    if (!known) return `new column ${target.sourceName}`
    if (known.fieldId !== target.fieldId) return `changed type of column ${target.sourceName}`
    if (!known.isPresent) return `column ${target.sourceName} is back`
  }
  const deselected = former.columns.find(({ sourceName }) => sourceName !== null && discovered.some(({ name }) => name === sourceName) && !selected.some(({ name }) => name === sourceName))
  return deselected ? `column ${deselected.sourceName} is no longer chosen` : null
}

/**
 * Fields of an open schema that are no columns yet, as the columns that they become; in alphabetical order, so that names do not
 * depend on the order of the rows.
 */
export function findColumns(names: string[], columns: VersionColumn[], greatestFieldId: number): VersionColumn[] {
  const takeName = nameTaker(columns.map(({ name }) => name))
  const greatest = Math.max(greatestFieldId, ...columns.map(({ fieldId }) => fieldId))
  return [...names].sort().map((sourceName, index) => ({ fieldId: greatest + index + 1, name: takeName(sourceName), sourceName, sourceType: 'json', type: 'JSON', isPresent: true }))
}

/** The engine knows no capitals (of A to Z): of columns that differ in nothing else, the later ones get a suffix. */
export function nameTaker(taken: string[]): (name: string) => string {
  const used = new Set([...RESERVED_NAMES, ...taken].map(fold))
  return (wanted) => {
    const base = wanted === '' ? 'column' : wanted
    let name = base
    for (let suffix = 2; used.has(fold(name)); suffix++) name = `${base}_${suffix}`
    used.add(fold(name))
    return name
  }
}

function fold(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
