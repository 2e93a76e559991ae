'use client'

import { ChevronRight } from 'lucide-react'
import { memo, type MouseEvent } from 'react'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import { TableCell, TableRow } from '@/components/ui/table'
import { frequencyLabels } from '@/components/syncs/frequency-labels'
import { formatCount } from '@/lib/core/format'
import type { SourceView } from '@/lib/sources/schema'
import { SchemaList } from './schema-list'
import { SourceMenu } from './source-menu'
import { SourceStatus } from './source-status'
import { connectorWords } from './source-words'

interface SourceRowProps {
  source: SourceView
  isOpen: boolean
  onToggle(sourceId: string, isOpen: boolean): void
}

/** A source of one height whatever it does, and under it, when it is open, its schemas. */
export const SourceRow = memo(function SourceRow({ source, isOpen, onToggle }: SourceRowProps) {
  const toggle = () => onToggle(source.id, !isOpen)
  const panelId = `schemas-of-${source.id}`
  return (
    <tbody className="border-b last:border-b-0">
      <TableRow className={cn('cursor-pointer border-b-0', isOpen && 'bg-subtle')} onClick={(event) => isOnRow(event) && toggle()}>
        <TableCell className="py-2 align-top">
          <div className="flex items-start gap-2">
            <ChevronRight aria-hidden className={cn('mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform motion-reduce:transition-none', isOpen && 'rotate-90')} />
            <ConnectorIcon connector={source.connector} label={source.connectorLabel} size="sm" className="mt-px" />
            <div className="min-w-0 flex-1">
              <button type="button" data-source-toggle aria-expanded={isOpen} aria-controls={isOpen ? panelId : undefined} onClick={toggle} title={source.name} className="block max-w-full truncate rounded-sm text-left font-medium">
                {source.name}
              </button>
              <div className="mt-1 truncate text-xs text-muted-foreground" title={connectorWords(source)}>{connectorWords(source)}</div>
              <div className="mt-1.5 md:hidden"><SourceStatus source={source} /></div>
            </div>
          </div>
        </TableCell>
        <TableCell className="hidden py-2 align-top md:table-cell"><SourceStatus source={source} /></TableCell>
        <TableCell className="hidden py-2 align-top lg:table-cell">{source.frequency ? frequencyLabels[source.frequency] : source.enabledSchemas ? 'Mixed' : <None />}</TableCell>
        <TableCell className="hidden truncate py-2 align-top lg:table-cell"><RelativeTime time={source.lastSyncedAt} className={source.lastSyncedAt ? undefined : 'text-muted-foreground'} /></TableCell>
        <TableCell numeric className="hidden py-2 align-top sm:table-cell">{formatCount(source.rows)}</TableCell>
        <TableCell numeric className="hidden py-2 align-top whitespace-nowrap sm:table-cell">{formatCount(source.enabledSchemas)} of {formatCount(source.totalSchemas)}</TableCell>
        <TableCell className="py-1.5 text-right align-top"><SourceMenu source={source} /></TableCell>
      </TableRow>
      {isOpen ? (
        <tr id={panelId}>
          <td colSpan={7} className="pb-3 pl-3 sm:pl-9">
            <SchemaList source={source} />
          </td>
        </tr>
      ) : null}
    </tbody>
  )
})

function None() {
  return <span className="text-muted-foreground"><span aria-hidden>—</span><span className="sr-only">none</span></span>
}

/** A click on the row itself: not on a control in it, not in a menu that only React counts as inside, not the end of a selection. */
function isOnRow(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement
  return event.currentTarget.contains(target) && !target.closest('a, button, input, label') && !window.getSelection()?.toString()
}
