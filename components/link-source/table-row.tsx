'use client'

import { ChevronRight, Lock, TriangleAlert } from 'lucide-react'
import { memo, useId, useRef, type KeyboardEvent } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import { LinkedText } from '@/components/ui/linked-text'
import { formatBytes, formatCount } from '@/lib/core/format'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { ColumnReport } from './column-report'
import { choiceLabel, type TableChoice } from './table-choices'

/** The columns of the list, shared by its header and its rows; without rows and size where the source tells neither beforehand. */
export function rowGrid(hasSizes: boolean): string {
  const wide = hasSizes ? 'md:grid-cols-[16px_minmax(0,1fr)_92px_72px_minmax(0,212px)_92px_28px]' : 'md:grid-cols-[16px_minmax(0,1fr)_minmax(0,212px)_92px_28px]'
  return `grid grid-cols-[16px_minmax(0,1fr)_28px] gap-x-3 px-3 md:gap-x-4 ${wide}`
}

interface TableRowProps {
  schema: DiscoveredSchema
  index: number
  choice: TableChoice
  isTicked: boolean
  isExpanded: boolean
  /** Does any table of the list have an estimate of its rows or its size? */
  hasSizes: boolean
  onTick(index: number, isTicked: boolean, isRange: boolean): void
  onExpand(name: string): void
  onOpen(kind: 'method' | 'columns', schema: DiscoveredSchema): void
  onFocusRow(index: number): void
}

/** What a source mostly consists of needs no word. */
const ORDINARY_KINDS: ReadonlySet<DiscoveredSchema['kind']> = new Set(['table', 'list', 'files'])

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { schema, isExpanded, hasSizes, onExpand } = props
  const reportId = useId()
  const problemId = useId()
  return (
    <div data-table={schema.name}>
      <div className={cn(rowGrid(hasSizes), 'min-h-11 items-center py-1.5')}>
        <Tick {...props} problemId={problemId} />
        <NameCell schema={schema} choice={props.choice} isTicked={props.isTicked} hasSizes={hasSizes} problemId={problemId} />
        {schema.problem ? null : <Settings {...props} />}
        {/* of files the columns are seen when they are read */}
        {schema.tracking === 'files' && !schema.columns.length ? null : (
          <Button
            variant="ghost"
            size="icon-sm"
            className={cn('col-start-3 row-start-1 text-muted-foreground', hasSizes ? 'md:col-start-7' : 'md:col-start-5')}
            aria-expanded={isExpanded}
            aria-controls={isExpanded ? reportId : undefined}
            // a ticking box that is off cannot be reached by keyboard: what keeps it off is told here
            aria-describedby={schema.problem ? problemId : undefined}
            aria-label={`What happens to the columns of ${schema.name}`}
            onClick={() => onExpand(schema.name)}
          >
            <ChevronRight aria-hidden className={cn('transition-transform', isExpanded && 'rotate-90')} />
          </Button>
        )}
      </div>
      {isExpanded ? (
        <div id={reportId} className="border-t border-border bg-subtle px-3 py-3 md:pl-10">
          <ColumnReport schema={schema} />
        </div>
      ) : null}
    </div>
  )
})

function Tick({ schema, index, isTicked, onTick, onFocusRow, problemId }: TableRowProps & { problemId: string }) {
  const isRange = useRef(false)
  function move(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!step) return
    event.preventDefault()
    onFocusRow(index + step)
  }
  return (
    <Checkbox
      data-tick={index}
      aria-label={`Sync ${schema.name}`}
      checked={isTicked}
      disabled={schema.problem !== null}
      aria-describedby={schema.problem ? problemId : undefined}
      onClick={(event) => {
        isRange.current = event.shiftKey
      }}
      onCheckedChange={(value) => onTick(index, value === true, isRange.current)}
      onKeyDown={move}
    />
  )
}

function NameCell({ schema, choice, isTicked, hasSizes, problemId }: Pick<TableRowProps, 'schema' | 'choice' | 'isTicked' | 'hasSizes'> & { problemId: string }) {
  const { name, kind, problem } = schema
  const warnings = isTicked ? keyWarnings(schema, choice) : []
  return (
    <div className={cn('min-w-0', problem && (hasSizes ? 'md:col-span-5' : 'md:col-span-3'))}>
      <p className="flex min-w-0 items-center gap-2">
        <span className={cn('truncate font-medium', problem && 'text-muted-foreground')} title={name}>{name}</span>
        {ORDINARY_KINDS.has(kind) ? null : <span className="shrink-0 text-xs text-muted-foreground">{kind}</span>}
        {problem ? <Badge variant="broken"><Lock aria-hidden />{problem.code === 'permission' ? 'Permission missing' : 'Cannot be read'}</Badge> : null}
      </p>
      {problem ? (
        <p id={problemId} className="mt-0.5 text-xs [overflow-wrap:anywhere]">
          {problem.title}
          {problem.advice ? <span className="text-muted-foreground"> · <LinkedText>{problem.advice}</LinkedText></span> : null}
        </p>
      ) : null}
      {warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-1 text-xs text-waiting">
          <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {warning}
        </p>
      ))}
    </div>
  )
}

/** What a person should know about the keys of this table before it is synced this way. */
function keyWarnings(schema: DiscoveredSchema, choice: TableChoice): string[] {
  if (choice.method === 'full' || choice.replicationKey === null) return []
  const key = schema.replicationKeys.find((candidate) => candidate.name === choice.replicationKey)
  // In the row only what it is; the method's dialog says what follows from it.
  return (key?.warnings ?? []).map((warning) => `${key?.name}: ${warning.charAt(0).toLowerCase()}${warning.slice(1).split(':')[0]}`)
}

function Settings({ schema, choice, hasSizes, onOpen }: TableRowProps) {
  const columns = choice.columnNames?.length ?? schema.columns.length
  const label = choiceLabel(schema, choice)
  const noted = schema.columns.filter((column) => column.note).length
  // of files there is nothing to choose here
  if (schema.tracking === 'files') return <span className="col-span-2 col-start-2 text-sm text-muted-foreground md:col-span-2 md:col-start-auto">{label}</span>
  return (
    <div className="col-span-2 col-start-2 flex flex-wrap items-center gap-x-2 md:contents">
      {hasSizes ? <Sizes schema={schema} /> : null}
      <Button variant="outline" size="sm" className="min-w-0 justify-between font-normal" aria-label={`Sync method of ${schema.name}: ${label}${schema.primaryKey.length ? '' : ' no key'}`} onClick={() => onOpen('method', schema)}>
        <span className="truncate">{label}</span>{' '}
        {schema.primaryKey.length ? null : <span className="shrink-0 text-xs text-waiting">no key</span>}
      </Button>
      <Button variant="outline" size="sm" className="font-normal tabular" aria-label={`Columns of ${schema.name}: ${columns} of ${schema.columns.length}`} title={noted ? `${noted} kept as described: open the row` : undefined} onClick={() => onOpen('columns', schema)}>
        {columns} of {schema.columns.length}
      </Button>
    </div>
  )
}

function Sizes({ schema: { rowsEstimate, bytesEstimate } }: { schema: DiscoveredSchema }) {
  return (
    <>
      <span className={cn('text-sm text-muted-foreground tabular md:text-right', rowsEstimate === null && 'max-md:hidden')} title={rowsEstimate === null ? 'Not known before it is read' : 'An estimate of the source'}>
        {rowsEstimate === null ? '—' : formatCount(rowsEstimate)}
        <span className="md:hidden"> rows</span>
      </span>
      <span className="text-sm text-muted-foreground tabular md:text-right">{bytesEstimate === null ? <span className="max-md:hidden">—</span> : formatBytes(bytesEstimate)}</span>
    </>
  )
}
