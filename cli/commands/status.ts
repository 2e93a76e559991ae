import { columnChangeWords } from '@/lib/core/column-change-words'
import { formatAgo, formatCount, formatQuantity } from '@/lib/core/format'
import { toSentence } from '@/lib/core/errors'
import { findSourceByName } from '@/lib/sources/find-source-by-name'
import type { SchemaView, SourceView } from '@/lib/sources/schema'
import { listSchemaStates, listSourceStates } from '@/lib/sources/source-states'
import { heldWords } from '@/lib/syncs/held-schema'
import { differingAdvice, differingWords } from '../differing'
import { inWorkspace } from '../session'
import { errorDocument, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export async function status(terminal: Terminal, text: string | undefined): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const only = text === undefined ? undefined : [(await findSourceByName(workspaceId, text)).id]
    const sources = await listSourceStates(workspaceId, only)
    const shown = await Promise.all(sources.map(async (source) => ({ source, schemas: await listSchemaStates(workspaceId, { sourceId: source.id }) })))
    terminal.result(shown.map(sourceDocument), () => shown.map(sourceWords).join('\n\n') || 'No source is linked yet. Link one with: tributary link postgres --config FILE')
  })
}

interface Shown {
  source: SourceView
  schemas: SchemaView[]
}

function sourceDocument({ source, schemas }: Shown) {
  return {
    sourceId: source.id,
    name: source.name,
    connector: source.connector,
    prefix: source.prefix,
    status: source.status,
    rows: source.rows,
    lastSyncedAt: source.lastSyncedAt,
    schemas: schemas.map((schema) => ({
      schema: schema.name,
      table: schema.tableName,
      enabled: schema.enabled,
      method: schema.method,
      replicationKey: schema.replicationKey,
      lookBack: schema.lookBack,
      keyColumns: schema.keyColumns,
      frequency: schema.frequency,
      listing: schema.reconcileFrequency,
      listedAt: schema.reconciledAt,
      proof: schema.proof,
      brakePercent: schema.brakePercent,
      status: schema.status,
      rows: schema.rows,
      version: schema.version,
      lastSyncedAt: schema.lastSyncedAt,
      nextRunAt: schema.nextRunAt,
      run: schema.activeRun && { id: schema.activeRun.id, status: schema.activeRun.status, step: schema.activeRun.step, rowsRead: schema.activeRun.rowsRead, rowsExpected: schema.activeRun.rowsExpected, pace: schema.activeRun.pace },
      held: schema.held,
      columnNews: schema.columnNews,
      error: errorOf(schema),
    })),
  }
}

/** Also while a run waits for its next attempt, what its last one failed of. */
function errorOf(schema: SchemaView) {
  const error = schema.problem ?? schema.activeRun?.error ?? null
  return error && errorDocument(error)
}

function proofWords({ proof, enabled }: SchemaView): string {
  if (!proof || !enabled) return ''
  if (proof.outcome === 'verified') return `verified ${formatAgo(proof.at)}, ${formatQuantity(proof.rows, 'row')}, ${formatQuantity(proof.ranges, 'range')}`
  return proof.outcome === 'failed' ? 'not compared' : ''
}

function statusWords(status: SourceView['status'] | SchemaView['status']): string {
  if (status === 'differs') return 'differs from its source'
  return status === 'held' ? 'waiting for you' : status.replaceAll('_', ' ')
}

/** Also where its last sync failed, or its next version waits: neither makes it right. */
function differs({ name, tableName }: SchemaView, { differences, at }: NonNullable<SchemaView['proof']>): string {
  return `  ${differingWords(name, differences)}. Compared ${formatAgo(at)}. ${differingAdvice(tableName)}`
}

function sourceWords({ source, schemas }: Shown): string {
  const heading = `${source.name} (${source.connector}, ${source.id}): ${statusWords(source.status)}`
  const rows = schemas.map((schema) => [
    `  ${schema.name}`,
    [statusWords(schema.status), proofWords(schema)].filter(Boolean).join(', '),
    schema.version === null ? '' : formatCount(schema.rows),
    schema.enabled ? formatAgo(schema.lastSyncedAt) : '',
    schema.nextRunAt ? formatAgo(schema.nextRunAt) : '',
    schema.tableName,
  ])
  const errors = schemas.flatMap((schema) => (schema.problem && schema.enabled ? [`  ${schema.name}: ${toSentence(schema.problem)}`] : []))
  const waiting = schemas.flatMap((schema) => (schema.held ? [`  ${schema.name} waits for you: ${heldWords(schema.held)}`] : []))
  const different = schemas.flatMap((schema) => (schema.enabled && schema.proof?.outcome === 'differs' ? [differs(schema, schema.proof)] : []))
  const news = schemas.flatMap(({ name, columnNews }) => (columnNews ? [`  ${name}: ${columnChangeWords(columnNews.changes)}, since version ${columnNews.version}, ${formatAgo(columnNews.at)}`] : []))
  return [heading, textTable(['  schema', 'status', 'rows', 'last synced', 'next run', 'table'], rows, new Set([2])), ...errors, ...different, ...waiting, ...news].join('\n')
}
