import { AppError } from '@/lib/core/errors'
import { formatAgo, formatCount } from '@/lib/core/format'
import { listHeldVersions, type HeldRow } from '@/lib/db/held-versions'
import { discardHeld } from '@/lib/syncs/discard-held'
import { heldWords } from '@/lib/syncs/held-schema'
import { publishHeld } from '@/lib/syncs/publish-held'
import { inWorkspace } from '../session'
import type { Terminal } from '../terminal'
import { textTable } from '../text-table'

export async function held(terminal: Terminal): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const waiting = await listHeldVersions(workspaceId)
    terminal.result(waiting.map(heldDocument), () => (waiting.length ? heldTable(waiting) : 'No version waits for you.'))
  })
}

export async function publish(terminal: Terminal, table: string): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const waiting = await waitingOf(workspaceId, table)
    const [published] = await publishHeld(workspaceId, [waiting])
    terminal.result({ ...heldDocument(waiting), version: published?.version }, () => `Published: ${table} has ${formatCount(waiting.difference.rowsAfter)} rows now, version ${published?.version}.`)
  })
}

export async function discard(terminal: Terminal, table: string): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const waiting = await waitingOf(workspaceId, table)
    await discardHeld(workspaceId, [waiting])
    terminal.result(heldDocument(waiting), () => `Discarded: ${table} stays as it was, and the next sync reads again.`)
  })
}

async function waitingOf(workspaceId: string, table: string): Promise<HeldRow> {
  const [waiting] = await listHeldVersions(workspaceId, table)
  if (waiting) return waiting
  const others = (await listHeldVersions(workspaceId)).map(({ tableName }) => tableName)
  throw new AppError('not_found', { title: `No version of ${table} waits for you`, detail: others.length ? `Those of ${others.slice(0, 20).join(', ')} do` : 'None of any table does', advice: 'Write the name of the table as tributary held shows it' })
}

function heldDocument({ source, schema, tableName, runId, difference, createdAt }: HeldRow) {
  return { source, schema, table: tableName, runId, readAt: createdAt, ...difference }
}

function heldTable(waiting: HeldRow[]): string {
  const rows = waiting.map(({ source, tableName, difference, createdAt }) => [tableName, source, formatAgo(createdAt), formatCount(difference.rowsBefore), formatCount(difference.rowsAfter), heldWords(difference)])
  return `${textTable(['table', 'source', 'read', 'rows before', 'after', 'what publishing would do'], rows, new Set([3, 4]))}\nDecide with: tributary publish TABLE, or tributary discard TABLE`
}
