'use client'

import { ChevronRight } from 'lucide-react'
import { lazy, memo, Suspense, type MouseEvent } from 'react'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import { frequencyLabels } from '@/components/syncs/frequency-labels'
import { formatCount } from '@/lib/core/format'
import type { SourceView } from '@/lib/sources/schema'
import { SchemaSkeleton } from './schema-skeleton'
import { fromLarge, fromSmall, sourceGrid } from './source-columns'
import { SourceMenu } from './source-menu'
import { SourceStatus } from './source-status'
import { connectorWords } from './source-words'

/** Most rows are never opened: what is in them is loaded when a pointer or the focus comes near the first. */
const loadSchemas = () => import('./schema-list')
const SchemaList = lazy(() => loadSchemas().then((module) => ({ default: module.SchemaList }), () => ({ default: NotLoaded })))

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
    <div role="rowgroup" className="border-b [contain-intrinsic-size:auto_61px] [content-visibility:auto] last:border-b-0">
      <div role="row" data-source={source.name} className={cn(sourceGrid, 'cursor-pointer py-2 hover:bg-subtle', isOpen && 'bg-subtle')} onClick={(event) => isOnRow(event) && toggle()} onPointerEnter={prepare} onFocus={prepare}>
        <div role="cell" className="flex min-w-0 items-start gap-2">
          <ChevronRight aria-hidden className={cn('mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform motion-reduce:transition-none', isOpen && 'rotate-90')} />
          <ConnectorIcon connector={source.connector} label={source.connectorLabel} size="sm" className="mt-px" />
          <div className="min-w-0 flex-1">
            <button type="button" data-source-toggle aria-expanded={isOpen} aria-controls={isOpen ? panelId : undefined} onClick={toggle} title={source.name} className="block max-w-full truncate rounded-sm text-left font-medium">
              {source.name}
            </button>
            <div className="mt-1 truncate text-xs text-muted-foreground" title={connectorWords(source)}>{connectorWords(source)}</div>
          </div>
        </div>
        <div role="cell" className="col-span-full row-start-2 mt-1.5 min-w-0 pl-[3.25rem] md:col-span-1 md:row-start-auto md:mt-0 md:pl-0"><SourceStatus source={source} /></div>
        <div role="cell" className={cn(fromLarge, 'truncate')}>{source.frequency ? frequencyLabels[source.frequency] : source.enabledSchemas ? 'Mixed' : <None />}</div>
        <div role="cell" className={cn(fromLarge, 'truncate')}><RelativeTime time={source.lastSyncedAt} className={source.lastSyncedAt ? undefined : 'text-muted-foreground'} /></div>
        <div role="cell" className={cn(fromSmall, 'truncate text-right tabular')}>{formatCount(source.rows)}</div>
        <div role="cell" className={cn(fromSmall, 'text-right whitespace-nowrap tabular')}>{formatCount(source.enabledSchemas)} of {formatCount(source.totalSchemas)}</div>
        <div role="cell" className="-my-1 text-right"><SourceMenu source={source} /></div>
      </div>
      {isOpen ? (
        <div role="row" id={panelId}>
          <div role="cell" aria-colspan={7} className="pb-3 pl-3 sm:pl-9"><Suspense fallback={<SchemaSkeleton source={source} />}><SchemaList source={source} /></Suspense></div>
        </div>
      ) : null}
    </div>
  )
})

function prepare(): void {
  loadSchemas().catch(() => undefined) // said when the row is opened
}

function NotLoaded() {
  const error = { code: 'unreachable', title: 'The schemas cannot be shown', detail: 'The connection to this server was lost', advice: 'Check that you are online, then load the page again', isRetryable: true } as const
  return <ErrorState error={error} actions={<Button variant="outline" size="sm" onClick={() => window.location.reload()}>Load the page again</Button>} />
}

function None() {
  return <span className="text-muted-foreground"><span aria-hidden>—</span><span className="sr-only">none</span></span>
}

/** A click on the row itself: not on a control in it, not in a menu that only React counts as inside, not the end of a selection. */
function isOnRow(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement
  return event.currentTarget.contains(target) && !target.closest('a, button, input, label') && !window.getSelection()?.toString()
}
