import { formatCount } from '@/lib/core/format'
import type { VersionView } from '@/lib/tables/versions-schema'

/** What made a version, in a few words. */
export function deedWords({ kind, restored, method, fullReason }: VersionView): string {
  if (kind === 'rollback') return `Rolled back to version ${restored === null ? '?' : formatCount(restored)}`
  if (kind === 'compaction') return 'Compaction'
  if (method === 'full') return 'Sync, full table'
  return fullReason ? 'Sync, every row' : 'Sync'
}

/** The same with what a tooltip has room for. */
export function deedTitle(version: VersionView): string {
  if (version.kind === 'compaction') return 'The same rows in fewer files'
  if (version.kind === 'rollback') return `By ${version.actor ?? 'somebody'}`
  return version.fullReason ? `Every row was read: ${version.fullReason}` : ''
}
