import { AppError, toSentence, type ErrorView } from '@/lib/core/errors'
import { formatBytes, formatCount, formatDuration, formatQuantity } from '@/lib/core/format'
import { listSchemas, type SchemaRow } from '@/lib/db/schemas'
import { findSourceByName } from '@/lib/sources/find-source-by-name'
import { listSchemaStates } from '@/lib/sources/source-states'
import { heldWords } from '@/lib/syncs/held-schema'
import { differingAdvice, differingWords } from '../differing'
import { ProgressBoard } from '../progress-board'
import { Runs, type SchemaOutcome } from '../run-runs'
import { noSchema } from '../schema-options'
import { inWorkspace } from '../session'
import { errorDocument, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface SyncOptions {
  schema?: string[]
  full?: boolean
  /** False for `--no-brake`. */
  brake?: boolean
}

/** A failed schema fails alone: the others are synced, and the exit code is 1 at the end. Where none failed it is 4 when a table differs from its source, else 3 when what was read waits for a decision. */
export async function sync(terminal: Terminal, text: string, options: SyncOptions): Promise<void> {
  const { outcomes, different } = await inWorkspace(terminal, async (workspaceId) => {
    const source = await findSourceByName(workspaceId, text)
    const schemas = choose(await listSchemas(workspaceId, { sourceId: source.id }), options.schema)
    const board = new ProgressBoard(terminal)
    const seen = new Set<string>()
    const runs = new Runs(workspaceId, terminal.signal, (schema, run) => {
      board.update(schema.name, run)
      const isOver = run.status !== 'running' && run.status !== 'queued'
      if (isOver && !seen.has(run.id)) board.say(`${schema.name}: ${run.status}${run.error ? `. ${toSentence(run.error)}` : ''}`)
      if (isOver) seen.add(run.id)
    })
    try {
      const outcomes = await runs.sync(schemas, { isFull: options.full ?? false, skipsBrake: options.brake === false })
      return { outcomes, different: (await listSchemaStates(workspaceId, { schemaIds: schemas.map(({ id }) => id) })).filter(({ proof }) => proof?.outcome === 'differs') }
    } finally {
      board.end()
    }
  })
  terminal.result(outcomes.map(outcomeDocument), () => outcomeWords(outcomes))
  const unfinished = outcomes.filter((outcome) => outcome.status !== 'completed')
  const held = outcomes.filter((outcome) => outcome.status === 'completed' && outcome.report?.held)
  if (held.length) {
    terminal.exitCode = 3
    for (const { schema, report } of held) if (report?.held) terminal.say(`${schema.tableName} waits for you: ${heldWords(report.held)}. Decide with: tributary publish ${schema.tableName}, or tributary discard ${schema.tableName}`)
  }
  if (different.length) {
    terminal.exitCode = 4
    for (const { tableName, proof } of different) terminal.say(`${differingWords(tableName, proof?.differences ?? null)}. ${differingAdvice(tableName)}`)
  }
  if (!unfinished.length) return
  terminal.exitCode = 1
  terminal.say(summary(unfinished, outcomes.length))
}

function choose(schemas: SchemaRow[], wanted: string[] | undefined): SchemaRow[] {
  if (wanted) {
    return [...new Set(wanted)].map((name) => {
      const schema = schemas.find((each) => each.name === name)
      if (!schema) throw noSchema(name, schemas.map((each) => each.name))
      return schema
    })
  }
  const enabled = schemas.filter((schema) => schema.enabled)
  if (!enabled.length) throw new AppError('invalid', { title: 'No schema of this source is enabled', advice: 'Name one with --schema, or enable one: tributary set SOURCE --schema S --enable' })
  return enabled
}

function outcomeDocument({ schema, runId, status, report, error }: SchemaOutcome) {
  return {
    schema: schema.name,
    table: schema.tableName,
    method: report?.method ?? schema.method,
    status,
    rowsRead: report?.rowsRead ?? 0,
    inserted: report?.inserted ?? 0,
    updated: report?.updated ?? 0,
    deleted: report?.deleted ?? 0,
    bytes: report?.bytes ?? 0,
    connections: report?.connections ?? 1,
    seconds: report?.seconds ?? null,
    totalSeconds: report?.totalSeconds ?? null,
    /** The current version, also after a failure: the one from before. */
    version: report?.version ?? schema.currentVersion,
    isChanged: report?.isChanged ?? false,
    rows: report?.rows ?? null,
    held: report?.held ?? null,
    fullReason: report?.fullReason ?? null,
    cursor: report?.cursor ?? null,
    proof: report?.proof ?? null,
    warnings: report?.warnings ?? [],
    runId,
    error: error ? errorDocument(error) : null,
  }
}

function outcomeWords(outcomes: SchemaOutcome[]): string {
  const rows = outcomes.map(({ schema, status, report }) => [
    schema.name,
    status,
    ...(report
      ? [report.method, formatCount(report.rowsRead), formatCount(report.inserted), formatCount(report.updated), formatCount(report.deleted), formatBytes(report.bytes), formatDuration(report.totalSeconds * 1_000), String(report.version)]
      : Array.from({ length: 8 }, () => '')),
  ])
  const table = textTable(['schema', 'status', 'method', 'read', 'inserted', 'updated', 'deleted', 'bytes', 'time', 'version'], rows, new Set([3, 4, 5, 6, 7, 8, 9]))
  const warnings = outcomes.flatMap(({ schema, report }) => (report?.warnings ?? []).map((warning) => `${schema.name}${warning.column ? `.${warning.column}` : ''}: ${warning.message}`))
  const several = outcomes.flatMap(({ schema, report }) => (report?.connections ? [`${schema.name}: read over ${formatQuantity(report.connections, 'connection')}`] : []))
  return [table, ...fullReasons(outcomes), ...several, ...warnings].join('\n')
}

/** Why schemas that are usually read in part were read whole, a line for each reason. */
function fullReasons(outcomes: SchemaOutcome[]): string[] {
  const names = new Map<string, string[]>()
  for (const { schema, report } of outcomes) if (report?.fullReason) names.set(report.fullReason, [...(names.get(report.fullReason) ?? []), schema.name])
  return [...names].map(([reason, schemas]) => `Every row was read of ${schemas.join(', ')}: ${reason}`)
}

function summary(unfinished: SchemaOutcome[], total: number): string {
  const failed = unfinished.filter((outcome): outcome is SchemaOutcome & { error: ErrorView } => outcome.error !== null)
  if (!failed.length) return `${formatQuantity(unfinished.length, 'sync', 'syncs')} of ${total} cancelled; their tables stay as they were.`
  const [first] = failed
  const more = failed.length > 1 ? ` And ${failed.length - 1} more.` : ''
  return total === 1 ? toSentence(first!.error) : `${failed.length} of ${total} schemas failed. ${first!.schema.name}: ${toSentence(first!.error)}${more}`
}
