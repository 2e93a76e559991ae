import type { z } from 'zod'
import { columnChangeWords } from '@/lib/core/column-change-words'
import { formatAgo, formatBytes, formatCount } from '@/lib/core/format'
import { changeRetention } from '@/lib/tables/change-retention'
import { findTableId } from '@/lib/tables/find-table'
import { listTableVersions } from '@/lib/tables/list-table-versions'
import { RetentionInput, type TableVersions, type VersionView } from '@/lib/tables/versions-schema'
import { inWorkspace } from '../session'
import { UsageError, type Terminal } from '../terminal'
import { textTable } from '../text-table'

export interface VersionsOptions {
  keep?: string
  days?: string
}

export async function versions(terminal: Terminal, name: string, options: VersionsOptions): Promise<void> {
  const kept = numberOrDefault('--keep', options.keep)
  const days = numberOrDefault('--days', options.days)
  await inWorkspace(terminal, async (workspaceId) => {
    const schemaId = await findTableId(workspaceId, name)
    if (kept !== undefined || days !== undefined) await changeRetention(workspaceId, readRetention(RetentionInput, { schemaId, versions: kept, days }))
    const found = await listTableVersions(workspaceId, schemaId)
    terminal.result({ table: found.table.name, version: found.table.version, retention: found.retention, versions: found.versions }, () => words(found))
  })
}

export function numberOrDefault(option: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  if (text === 'default') return null
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} takes a number, or default`)
  return Number(text)
}

export function readRetention<T>(schema: z.ZodType<T>, input: T): T {
  const read = schema.safeParse(input)
  if (!read.success) throw new UsageError(read.error.issues[0]?.message ?? 'Versions cannot be kept so')
  return read.data
}

function words({ table, versions: shown, retention: kept }: TableVersions): string {
  const rows = shown.map((version) => [version.isCurrent ? `${version.number} *` : String(version.number), formatAgo(version.createdAt), deed(version), formatCount(version.rows), figure(version.inserted), figure(version.updated), figure(version.deleted), version.runId ?? ''])
  const changed = shown.flatMap(({ number, columnChanges }) => (columnChanges.length ? [`Version ${number}: ${columnChangeWords(columnChanges)}`] : []))
  const rule = `Kept: ${kept.versions} versions${kept.isOwnVersions ? '' : ', as in the workspace'}, for ${kept.days} days${kept.isOwnDays ? '' : ', as in the workspace'}. Files that only older ones need: ${formatBytes(kept.oldBytes)}.`
  return [`${table.name}: ${shown.length ? '* is the current version' : 'there is no version yet'}`, textTable(['version', 'made', 'by', 'rows', 'inserted', 'updated', 'deleted', 'run'], rows, new Set([3, 4, 5, 6])), ...changed, rule].join('\n')
}

function deed({ kind, restored, actor, fullReason, method }: VersionView): string {
  if (kind === 'rollback') return `rollback to ${restored}, ${actor}`
  if (kind === 'compaction') return 'compaction'
  return method === 'full' ? 'sync, full table' : `sync${fullReason ? `, everything: ${fullReason}` : ''}`
}

function figure(count: number | null): string {
  return count === null ? '' : formatCount(count)
}
