'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { RotateCcw, Terminal } from 'lucide-react'
import Link from 'next/link'
import { useLayoutEffect, useRef, useState } from 'react'
import { RunProgress } from '@/components/syncs/run-progress'
import { Button, buttonVariants } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { LinkedText } from '@/components/ui/linked-text'
import { Progress } from '@/components/ui/progress'
import { StatusBadge, type StatusTone } from '@/components/ui/status-badge'
import { formatQuantity } from '@/lib/core/format'
import type { SchemaView } from '@/lib/sources/schema'
import { queryHref } from './import-href'
import { importState, type ImportState } from './import-totals'

const ROW_HEIGHT = 57

interface ImportRowsProps {
  schemas: SchemaView[]
  isBusy: boolean
  onRetry(schema: SchemaView): void
}

/** A row per table, in the order of their names: none moves while it is looked at. */
export function ImportRows({ schemas, isBusy, onRetry }: ImportRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY), [])
  const virtual = useWindowVirtualizer({
    count: schemas.length,
    scrollMargin: top,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => schemas[index]?.id ?? index,
    overscan: 10,
  })
  return (
    <div className="overflow-hidden rounded-md border border-border">
      <ul ref={list} aria-label="Tables" className="relative -mb-px" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const schema = schemas[item.index]
          if (!schema) return null
          return (
            <li key={item.key} ref={virtual.measureElement} data-index={item.index} aria-setsize={schemas.length} aria-posinset={item.index + 1} className="absolute inset-x-0 top-0 border-b border-border" style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}>
              <ImportRow schema={schema} isBusy={isBusy} onRetry={onRetry} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const words: Record<ImportState, { tone: StatusTone; label: string }> = {
  ready: { tone: 'fine', label: 'Ready' },
  running: { tone: 'running', label: 'Importing' },
  failed: { tone: 'broken', label: 'Failed' },
  waiting: { tone: 'waiting', label: 'Waiting' },
}

function ImportRow({ schema, isBusy, onRetry }: { schema: SchemaView } & Pick<ImportRowsProps, 'isBusy' | 'onRetry'>) {
  const state = importState(schema)
  const { tone, label } = words[state]
  const hasAction = state === 'ready' || state === 'failed'
  return (
    <div data-table={schema.name} data-state={state} className="grid min-h-14 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 px-3 py-2 md:grid-cols-[minmax(0,1.1fr)_104px_minmax(0,1.4fr)_auto]">
      <div className="min-w-0">
        <p className="truncate font-medium" title={schema.name}>{schema.name}</p>
        <p className="truncate font-mono text-xs text-muted-foreground" title={schema.tableName}>{schema.tableName}</p>
      </div>
      <StatusBadge tone={tone} className="text-sm max-md:justify-self-end">{label}</StatusBadge>
      <div className={cn('min-w-0', !hasAction && 'max-md:col-span-2')}>
        <Detail schema={schema} state={state} />
      </div>
      <div className={cn('flex flex-wrap justify-end gap-2 md:w-22', !hasAction && 'max-md:hidden')}>
        {state === 'ready' || (state === 'failed' && schema.version !== null) ? (
          <Link href={queryHref(schema.tableName)} aria-label={`Query ${schema.tableName}`} className={buttonVariants({ variant: 'outline', size: 'sm' })}>
            <Terminal aria-hidden />
            Query
          </Link>
        ) : null}
        {state === 'failed' ? (
          <Button variant="outline" size="sm" disabled={isBusy} aria-label={`Retry ${schema.name}`} onClick={() => onRetry(schema)}>
            <RotateCcw aria-hidden />
            Retry
          </Button>
        ) : null}
      </div>
    </div>
  )
}

function Detail({ schema, state }: { schema: SchemaView; state: ImportState }) {
  if (schema.activeRun && state !== 'ready') return <RunProgress run={schema.activeRun} />
  if (state === 'failed') {
    const problem = schema.problem
    return (
      <div role="alert" className="text-sm [overflow-wrap:anywhere]">
        <p>{problem?.title ?? (schema.status === 'cancelled' ? 'The import was cancelled' : 'The import did not come through')}</p>
        {problem?.detail ? <p className="text-xs text-muted-foreground">{problem.detail}</p> : null}
        {problem?.advice ? <p className="text-xs"><LinkedText>{problem.advice}</LinkedText></p> : null}
      </div>
    )
  }
  const about = state === 'ready' ? formatQuantity(schema.rows, 'row') : schema.rowsEstimate === null ? 'waiting for its turn' : `about ${formatQuantity(schema.rowsEstimate, 'row')} · waiting for its turn`
  return (
    <div className="min-w-0">
      <Progress value={state === 'ready' ? 1 : 0} label={`Import of ${schema.name}`} tone={state === 'ready' ? 'fine' : 'waiting'} className="max-w-80" />
      <p className="mt-1 truncate text-xs text-muted-foreground tabular">{about}</p>
    </div>
  )
}
