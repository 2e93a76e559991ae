import { TriangleAlert } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { columnChangeWords } from '@/lib/core/column-change-words'
import { formatBytes, formatCount, formatDuration, formatQuantity } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { Figure } from './figure'
import { RunObjects } from './run-objects'

type Report = NonNullable<RunView['report']>

/** What a run did to its table, and what was not exact about it. */
export function RunReport({ report, table }: { report: Report; table: Pick<RunView, 'sourceId' | 'schemaId'> }) {
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 sm:grid-cols-3">
        <Figure label="Rows read">{formatCount(report.rowsRead)}</Figure>
        <Figure label="Inserted">{formatCount(report.inserted)}</Figure>
        <Figure label="Updated">{formatCount(report.updated)}</Figure>
        <Figure label="Deleted">{formatCount(report.deleted)}</Figure>
        <Figure label="Rows in the table">{formatCount(report.rows)}</Figure>
        <Figure label="Read from the source">{formatBytes(report.bytes)}{report.connections ? `, over ${formatQuantity(report.connections, 'connection')}` : null}</Figure>
        <Figure label="Version"><Link href={versionHref(report, table)} prefetch={false} className="text-link hover:underline">{report.isChanged ? formatCount(report.version) : `${formatCount(report.version)}, unchanged`}</Link></Figure>
        <Figure label="Method">{methodWords(report)}</Figure>
        <Figure label="Time">{formatDuration(report.totalSeconds * 1000)}</Figure>
      </dl>
      {report.proof ? <p className="mt-3 text-sm text-muted-foreground">{proofWords(report.proof)}</p> : null}
      {report.columns ? <p className="mt-3 text-sm [overflow-wrap:anywhere]">Columns: {columnChangeWords(report.columns)}.</p> : null}
      {report.objects ? <RunObjects objects={report.objects} /> : null}
      {report.fullReason ? <p className="mt-3 text-sm text-muted-foreground">Every row was read: {report.fullReason}.</p> : null}
      {report.cursor && 'column' in report.cursor ? <p className="mt-1 text-sm text-muted-foreground">The next sync continues from <code className="break-all text-foreground">{report.cursor.column} = {report.cursor.value}</code>.</p> : null}
      {report.warnings.length ? (
        // a list that scrolls must be reachable by keyboard
        <ul aria-label="Warnings" tabIndex={0} className="mt-3 max-h-64 overflow-y-auto rounded-md border border-waiting/30 bg-waiting/5">
          {report.warnings.map(({ column, message }, place) => (
            <li key={place} className="flex gap-2 border-b border-waiting/20 px-3 py-1.5 text-sm last:border-b-0">
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-waiting" />
              <span className="min-w-0 [overflow-wrap:anywhere]">{column === null ? null : <><code className="font-medium">{column}</code>{' '}</>}{message}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

/** What the version changed, or the list of versions where it changed nothing. */
function versionHref({ isChanged, version }: Report, { sourceId, schemaId }: Pick<RunView, 'sourceId' | 'schemaId'>): Route {
  const versions = `/sources/${sourceId}/tables/${schemaId}/versions`
  return (isChanged && version > 1 ? `${versions}/changes?to=${version}` : versions) as Route
}

function proofWords({ outcome, rows, ranges, rangesRead, bytes, reconciled }: NonNullable<Report['proof']>): string {
  if (outcome === 'failed') return 'The table was not compared with its source.'
  const compared = `${formatQuantity(rows, 'row')} in ${formatQuantity(ranges, 'range')} were compared with the source, for ${formatBytes(bytes)} over the wire`
  if (outcome === 'differs') return `${compared}: they differ.`
  if (!reconciled) return `${compared}: all are the same.`
  return `${compared}. ${formatQuantity(rangesRead, 'range')} differed: ${formatQuantity(reconciled.deleted, 'row')} deleted, ${formatQuantity(reconciled.fetched, 'row')} fetched.`
}

function methodWords({ method, cursor, objects }: Report): string {
  if (objects) return 'New and changed files'
  if (method === 'full') return 'Full table'
  return cursor && 'bookmark' in cursor ? 'Follow changes' : 'Incremental'
}
