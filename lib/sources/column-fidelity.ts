import type { SourceColumn } from '@/lib/connectors/contract'
import { sinceWords } from '@/lib/core/column-change-words'
import { AppError } from '@/lib/core/errors'
import { findSchema, type SchemaRow } from '@/lib/db/schemas'
import { listColumnChanges } from '@/lib/db/table-versions'
import { findSnapshot } from '@/lib/db/versions'
import { openSource } from '@/lib/syncs/open-source'
import type { VersionColumn } from '@/lib/warehouse/version'
import { storedDiscovery } from './discovered-schema'
import { fidelityOf, type ColumnFidelity } from './fidelity-schema'

/**
 * The fidelity report of a table: what each column is upstream and in the warehouse, whether that is the same, and why. It is told from what discovery saw last and from the
 * current version, and each column has the last kept version that changed it. `isMeasured`: look at the first rows too, where the source can be asked.
 */
export async function columnFidelity(workspaceId: string, schemaId: string, { isMeasured, signal }: { isMeasured: boolean; signal: AbortSignal }): Promise<ColumnFidelity[]> {
  const schema = await findSchema(workspaceId, schemaId)
  if (!schema) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'It may have been deleted; reload the page' })
  const { columns } = storedDiscovery(schema.discovered)
  const [version, changed] = await Promise.all([findSnapshot(workspaceId, schemaId), listColumnChanges(workspaceId, schemaId)])
  const chosen = columns.filter(({ name }) => schema.columnNames?.includes(name) ?? true)
  const measured = isMeasured ? await measure(schema, chosen, signal) : {}
  const since = new Map(changed.flatMap(({ number, createdAt, columnChanges }) => columnChanges.map((change) => [change.column, { version: number, at: createdAt.toISOString(), words: sinceWords(change, number) }] as const)))
  return reportOf(chosen, version?.columns ?? [], measured).map((column) => ({ ...column, since: since.get(column.column ?? '') ?? null }))
}

type Told = Omit<ColumnFidelity, 'since'>

/** Of a table of files the version knows more than discovery: it has seen every file. */
export function reportOf(chosen: SourceColumn[], known: VersionColumn[], measured: Record<string, string>): Told[] {
  const ofSource = known.filter((column) => column.sourceName !== null)
  const now = chosen.map((column) => reportRow(column, ofSource.find(({ sourceName }) => sourceName === column.name) ?? null, measured[column.name] ?? null))
  const gone = ofSource.filter(({ sourceName }) => !chosen.some(({ name }) => name === sourceName))
  return [...now, ...gone.map(goneRow)]
}

function reportRow(source: SourceColumn, known: VersionColumn | null, measured: string | null): Told {
  const shared = { name: source.name, column: known?.name ?? null, measured }
  if (!known) return { ...shared, sourceType: source.sourceType, type: source.type, ...fidelityOf(source), change: null }
  const change = known.demotedFrom === undefined && known.type !== source.type && !known.note ? `${source.sourceType} upstream now: ${source.type} from the next sync on` : known.isPresent ? null : 'It is back upstream: the next sync reads every row'
  return { ...shared, sourceType: source.sourceType, type: known.type, ...knownFidelity(source, known), change }
}

function knownFidelity(source: SourceColumn, known: VersionColumn): Pick<ColumnFidelity, 'verdict' | 'reason'> {
  if (known.demotedFrom !== undefined) return { verdict: 'text', reason: known.note ?? `Kept as text because a value is no ${known.demotedFrom}` }
  const types = known.sourceType.split(', ')
  // files may each have another type for it; a type that is written with a comma is none of them
  if (types.length > 1 && types.every((type) => /^[A-Z]/.test(type))) {
    if (known.type === 'VARCHAR' && !types.includes('VARCHAR')) return { verdict: 'text', reason: `Files have it as ${types.join(' and as ')}, and no type of its own holds the values of all` }
    return { verdict: 'widened', reason: known.note ?? `Files have it as ${types.join(' and as ')}; ${known.type} holds the values of all` }
  }
  if (known.type === source.type) return fidelityOf(source)
  return fidelityOf({ type: known.type, ...(known.note ? { note: known.note } : {}), ...(known.type === 'VARCHAR' ? { fidelity: 'text' } : {}) })
}

function goneRow(known: VersionColumn): Told {
  const { verdict, reason } = knownFidelity({ name: known.name, sourceType: known.sourceType, type: known.type, encoding: 'plain', nullable: true }, known)
  return { name: known.sourceName ?? known.name, column: known.name, sourceType: known.sourceType, type: known.type, verdict, reason, measured: null, change: known.isPresent ? 'It is gone upstream, or no longer chosen' : 'It is gone upstream: rows that were read since have NULL' }
}

async function measure({ workspaceId, sourceId, location }: SchemaRow, columns: SourceColumn[], signal: AbortSignal): Promise<Record<string, string>> {
  const { connector, config } = await openSource(workspaceId, sourceId)
  return connector.measure ? connector.measure(config, location, columns, signal) : {}
}
