import { AppError, toSentence } from '@/lib/core/errors'
import { differenceWords } from '@/lib/core/difference-words'
import { formatBytes, formatQuantity } from '@/lib/core/format'
import { listSchemas } from '@/lib/db/schemas'
import type { ProofReport } from '@/lib/pipeline/types'
import { findTableProof } from '@/lib/sources/find-table-proof'
import type { ProofDetail } from '@/lib/sources/schema'
import { heldWords } from '@/lib/syncs/held-schema'
import { findTableId } from '@/lib/tables/find-table'
import { ProgressBoard } from '../progress-board'
import { Runs, type SchemaOutcome } from '../run-runs'
import { inWorkspace } from '../session'
import { errorDocument, type Terminal } from '../terminal'
import { textTable } from '../text-table'

const SHOWN_ROWS = 20
const SHOWN_LETTERS = 40

export interface VerifyOptions {
  repair?: boolean
}

/** Compare a table with its source now; exit code 1 when they differ afterwards. */
export async function verify(terminal: Terminal, name: string, { repair = false }: VerifyOptions): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const [schema] = await listSchemas(workspaceId, { ids: [await findTableId(workspaceId, name)] })
    if (!schema) throw new AppError('not_found', { title: `There is no table named ${name}` })
    const board = new ProgressBoard(terminal)
    const runs = new Runs(workspaceId, terminal.signal, (one, run) => board.update(one.name, run))
    const [outcome] = await runs.sync([schema], { isFull: false, isVerify: true, isRepair: repair }).finally(() => board.end())
    const proof = outcome?.report?.proof
    if (outcome?.error) throw new AppError(outcome.error.code, outcome.error)
    if (!outcome?.report || outcome.status !== 'completed') throw new AppError('cancelled', { title: 'The comparison was cancelled', advice: 'The table stays as it was' })
    if (outcome.report.held) throw new AppError('invalid', { title: `${schema.name} was not compared with its source`, detail: `What was read waits for you. ${heldWords(outcome.report.held)}`, advice: `Publish or discard it first: tributary publish ${schema.tableName}, or tributary discard ${schema.tableName}` })
    if (!proof) throw new AppError('invalid', { title: `${schema.name} cannot be compared with its source`, detail: 'Only tables and materialised views of a PostgreSQL database can', advice: 'Start a full resync instead' })
    const detail = await findTableProof(workspaceId, schema.id)
    terminal.result({ table: schema.tableName, runId: outcome.runId, ...proof, problem: proof.problem && errorDocument(proof.problem), shown: detail.shown }, () => words(schema.tableName, outcome, proof, detail, repair))
    if (proof.outcome !== 'verified') terminal.exitCode = 1
  })
}

function words(table: string, { report }: SchemaOutcome, proof: ProofReport, detail: ProofDetail, repair: boolean): string {
  if (proof.problem) return `${table} was not compared with its source. ${toSentence(proof.problem)}`
  const compared = `${formatQuantity(proof.rows, 'row')} in ${formatQuantity(proof.ranges, 'range')}, ${formatBytes(proof.bytes)} over the wire, ${proof.seconds} s`
  const found = differenceWords(proof.differences)
  const rows = differingRows(detail)
  if (proof.reconciled) return [`${table} is verified, version ${report?.version}: ${compared}. Repaired: ${found}.`, rows].filter(Boolean).join('\n')
  if (proof.outcome === 'verified') return `${table} is verified, version ${report?.version}: ${compared}.`
  return [`${table} differs from its source: ${found}. ${compared}.`, rows, repair ? '' : `Repair it with: tributary verify ${table} --repair`].filter(Boolean).join('\n')
}

/** A line for each column that differs, the source's value beside ours. */
function differingRows({ shown: { columns, key, rows } }: ProofDetail): string {
  const lines = rows.slice(0, SHOWN_ROWS).flatMap(({ kind, source, ours }) => {
    const row = source ?? ours ?? []
    const name = short(key.map((column) => row[columns.indexOf(column)] ?? 'NULL').join(', '))
    if (kind !== 'different') return [[kind, name, '', source ? short(row.join(', ')) : '', ours ? short(row.join(', ')) : '']]
    return columns.flatMap((column, index) => (source?.[index] === ours?.[index] ? [] : [[kind, name, column, short(source?.[index] ?? null), short(ours?.[index] ?? null)]]))
  })
  if (!lines.length) return ''
  const more = rows.length > SHOWN_ROWS ? `\n… and ${rows.length - SHOWN_ROWS} more rows; --json gives them` : ''
  return textTable(['row', key.join(', '), 'column', 'source', 'here'], lines) + more
}

function short(text: string | null): string {
  if (text === null) return 'NULL'
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text
}
