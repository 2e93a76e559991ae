'use client'

import { ArrowUpRight, Files, Layers, List, ScanEye, Table2 } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { memo, type MouseEvent } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import { Switch } from '@/components/ui/switch'
import { frequencyLabels } from '@/components/syncs/frequency-labels'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { SchemaView } from '@/lib/sources/schema'
import { schemaGrid, schemaWideOnly } from './schema-columns'
import { ColumnNews } from './column-news'
import { SchemaMenu } from './schema-menu'
import { SchemaStatus } from './schema-status'
import { listingWords, methodWords } from './source-words'
import { useSchemaChange } from './use-schema-change'

interface SchemaRowProps {
  schema: SchemaView
  /** Its place in the list, from 0. */
  place: number
  isSelected: boolean
  onSelect(schemaId: string, isRange: boolean): void
}

/** One schema: what it is, whether it syncs, where its table is, and what it does now. */
export const SchemaRow = memo(function SchemaRow({ schema, place, isSelected, onSelect }: SchemaRowProps) {
  const { change } = useSchemaChange(schema.sourceId)
  const select = (event: MouseEvent) => {
    if (event.shiftKey) window.getSelection()?.removeAllRanges() // the browser's own shift-click selects text
    onSelect(schema.id, event.shiftKey)
  }
  return (
    <div role="row" aria-rowindex={place + 2} data-schema={schema.name} data-state={isSelected ? 'selected' : undefined} className={cn(schemaGrid, 'min-h-9 border-b py-2 hover:bg-subtle data-[state=selected]:bg-primary/5')}>
      <div role="cell" className="flex h-5 items-center"><Checkbox aria-label={`Select ${schema.name}`} checked={isSelected} onClick={select} /></div>
      <div role="cell" className="min-w-0">
        <div className="flex min-w-0 items-center gap-1.5"><KindIcon kind={schema.kind} /><span className="truncate" title={`${schema.name} (${schema.kind})`}>{schema.name}</span></div>
        {schema.columnNews ? <ColumnNews schema={schema} news={schema.columnNews} /> : null}
        <SmallScreenLines schema={schema} />
      </div>
      <div role="cell" className="flex h-5 items-center">
        <Switch size="sm" aria-label={`Sync ${schema.name}`} checked={schema.enabled} onCheckedChange={(enabled) => void change([schema.id], { enabled })} />
      </div>
      <div role="cell" className={cn(schemaWideOnly, 'min-w-0')}><SyncedTable schema={schema} /></div>
      <div role="cell" className={cn(schemaWideOnly, 'truncate', schema.method ?? 'text-muted-foreground')} title={[methodWords(schema), frequencyLabels[schema.frequency], listingWords(schema)].filter(Boolean).join(' · ')}>{methodWords(schema)}{schema.tracking === null && listingWords(schema) ? <span className="block truncate text-xs text-muted-foreground">{listingWords(schema)}</span> : null}</div>
      <div role="cell" className={cn(schemaWideOnly, 'truncate')}>{schema.status === 'running' ? <span className="text-running">running</span> : <RelativeTime time={schema.lastSyncedAt} className={schema.lastSyncedAt ? undefined : 'text-muted-foreground'} />}</div>
      <div role="cell" className={cn(schemaWideOnly, 'truncate text-right tabular')}>{schema.version === null ? <Estimate rows={schema.rowsEstimate} /> : formatCount(schema.rows)}</div>
      <div role="cell" className="col-span-3 col-start-2 row-start-2 mt-1 min-w-0 lg:col-span-1 lg:col-start-auto lg:row-start-auto lg:mt-0"><SchemaStatus schema={schema} /></div>
      <div role="cell" className="-my-1 flex justify-end"><SchemaMenu schema={schema} /></div>
    </div>
  )
})

function KindIcon({ kind }: { kind: SchemaView['kind'] }) {
  const Icon = kind === 'list' ? List : kind === 'files' ? Files : kind === 'partitioned table' ? Layers : kind.endsWith('view') ? ScanEye : Table2
  return (
    <>
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
      {kind === 'table' ? null : <span className="sr-only">{kind}</span>}
    </>
  )
}

/** The table's name: a link that opens a query once there is something to query. */
function SyncedTable({ schema }: { schema: SchemaView }) {
  if (schema.version === null) return <span className="block truncate font-mono text-xs leading-5 text-muted-foreground" title={schema.tableName}>{schema.enabled ? schema.tableName : <span className="font-sans text-sm">—</span>}</span>
  return (
    <Link href={`/sql?table=${encodeURIComponent(schema.tableName)}` as Route} prefetch={false} title={`Query ${schema.tableName}`} className="flex items-center gap-0.5 rounded-sm font-mono text-xs leading-5 text-link hover:underline">
      <span className="truncate">{schema.tableName}</span><ArrowUpRight aria-hidden className="size-3 shrink-0" />
    </Link>
  )
}

function Estimate({ rows }: { rows: number | null }) {
  if (rows === null) return <span className="text-muted-foreground">—</span>
  return <span className="text-muted-foreground" title={`About ${formatQuantity(rows, 'row')} in the source`}>~{formatCount(rows)}</span>
}

/** What the wide columns say, below the name. */
function SmallScreenLines({ schema }: { schema: SchemaView }) {
  return (
    <div className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-1 text-xs text-muted-foreground lg:hidden">
      {schema.version === null ? null : <SyncedTable schema={schema} />}
      <span className="flex flex-wrap gap-x-1 tabular">
        <span className="[overflow-wrap:anywhere]">{methodWords(schema)}</span>
        {schema.version === null ? null : <><span className="whitespace-nowrap">· {formatQuantity(schema.rows, 'row')}</span><span className="whitespace-nowrap">· <RelativeTime time={schema.lastSyncedAt} /></span></>}
      </span>
    </div>
  )
}
