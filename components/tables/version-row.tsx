'use client'

import { Ellipsis, GitCompareArrows, ListTree, TerminalSquare, Undo2 } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { triggerLabels } from '@/components/syncs/run-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { RelativeTime } from '@/components/ui/relative-time'
import { TableCell, TableRow } from '@/components/ui/table'
import { columnChangeWords } from '@/lib/core/column-change-words'
import { formatCount } from '@/lib/core/format'
import type { TableNames, VersionView } from '@/lib/tables/versions-schema'
import { deedTitle, deedWords } from '@/components/syncs/version-words'

interface VersionRowProps {
  version: VersionView
  /** The number of the version before; null when that is not kept. */
  before: number | null
  table: TableNames
  onRollBack(): void
}

export function VersionRow({ version, before, table, onRollBack }: VersionRowProps) {
  const place = `/sources/${table.sourceId}`
  const changes = before === null ? null : (`${place}/tables/${table.schemaId}/versions/changes?from=${before}&to=${version.number}` as Route)
  const number = <span className="font-medium tabular">{formatCount(version.number)}</span>
  return (
    <TableRow data-version={version.number}>
      <TableCell>
        <span className="flex flex-wrap items-center gap-x-1.5">
          {changes ? <Link href={changes} prefetch={false} className="rounded-sm text-link hover:underline" title={`What version ${version.number} changed`}>{number}</Link> : number}
          {version.isCurrent ? <Badge variant="fine">Current</Badge> : null}
        </span>
      </TableCell>
      <TableCell className="hidden whitespace-nowrap sm:table-cell"><RelativeTime time={version.createdAt} /></TableCell>
      <TableCell>
        <span className="block whitespace-normal sm:truncate" title={deedTitle(version) || undefined}>{deedWords(version)}{version.kind === 'rollback' && version.actor ? <span className="text-muted-foreground">, {version.actor}</span> : null}</span>
        {version.columnChanges.length ? <span className="block text-xs whitespace-normal text-muted-foreground [overflow-wrap:anywhere] sm:truncate" title={columnChangeWords(version.columnChanges)}>{columnChangeWords(version.columnChanges)}</span> : null}
        <span className="block truncate text-xs text-muted-foreground sm:hidden"><RelativeTime time={version.createdAt} /></span>
        <span className="block text-xs whitespace-normal text-muted-foreground sm:truncate md:hidden"><ShortFigures version={version} /></span>
      </TableCell>
      <TableCell numeric><RowsCell version={version} /></TableCell>
      <Figure count={version.inserted} />
      <Figure count={version.updated} />
      <Figure count={version.deleted} />
      <TableCell className="text-right">
        <DropdownMenu>
          <DropdownMenuTrigger asChild><Button variant="ghost" size="icon-sm" className="text-muted-foreground" aria-label={`Menu of version ${version.number}`}><Ellipsis aria-hidden /></Button></DropdownMenuTrigger>
          <DropdownMenuContent align="end" className="w-48">
            {changes ? <DropdownMenuItem asChild><Link href={changes} prefetch={false}><GitCompareArrows aria-hidden />What changed</Link></DropdownMenuItem> : null}
            <DropdownMenuItem asChild><Link href={`/sql?table=${encodeURIComponent(table.name)}${version.isCurrent ? '' : `&version=${version.number}`}` as Route} prefetch={false}><TerminalSquare aria-hidden />Query it</Link></DropdownMenuItem>
            {version.runId ? <DropdownMenuItem asChild><Link href={`${place}/runs/${version.runId}` as Route} prefetch={false}><ListTree aria-hidden />Run{version.trigger ? `, ${triggerLabels[version.trigger].toLowerCase()}` : ''}</Link></DropdownMenuItem> : null}
            <DropdownMenuSeparator />
            <DropdownMenuItem disabled={version.isCurrent} onSelect={onRollBack}><Undo2 aria-hidden />Roll back to it…</DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </TableCell>
    </TableRow>
  )
}

function RowsCell({ version: { rows, rowsBefore } }: { version: VersionView }) {
  const more = rowsBefore === null ? 0 : rows - rowsBefore
  return (
    <span title={rowsBefore === null ? undefined : `${formatCount(rowsBefore)} before`}>
      {formatCount(rows)}
      {more === 0 ? null : <span className="block text-xs text-muted-foreground">{more > 0 ? '+' : '−'}{formatCount(Math.abs(more))}</span>}
    </span>
  )
}

function Figure({ count }: { count: number | null }) {
  return <TableCell numeric className="hidden md:table-cell">{count === null ? <span className="text-muted-foreground">—</span> : count === 0 ? <span className="text-muted-foreground">0</span> : formatCount(count)}</TableCell>
}

function ShortFigures({ version: { inserted, updated, deleted } }: { version: VersionView }) {
  if (inserted === null) return null
  return <>{formatCount(inserted)} new, {formatCount(updated ?? 0)} changed, {formatCount(deleted ?? 0)} gone</>
}
