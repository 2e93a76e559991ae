'use client'

import { ChevronRight, TriangleAlert } from 'lucide-react'
import { memo, useId, useRef, type KeyboardEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import { formatBytes, formatCount } from '@/lib/core/format'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { ColumnReport } from './column-report'
import { choiceLabel, type TableChoice } from './table-choices'

/** The columns of the list, shared by its header and its rows. */
export const rowGrid = 'grid grid-cols-[16px_minmax(0,1fr)_28px] gap-x-3 px-3 md:grid-cols-[16px_minmax(0,1fr)_92px_72px_minmax(0,212px)_92px_28px] md:gap-x-4'

interface TableRowProps {
  schema: DiscoveredSchema
  index: number
  choice: TableChoice
  isTicked: boolean
  isExpanded: boolean
  onTick(index: number, isTicked: boolean, isRange: boolean): void
  onExpand(name: string): void
  onOpen(kind: 'method' | 'columns', schema: DiscoveredSchema): void
  onFocusRow(index: number): void
}

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { schema, isExpanded, onExpand } = props
  const reportId = useId()
  return (
    <div data-table={schema.name}>
      <div className={cn(rowGrid, 'min-h-11 items-center py-1.5')}>
        <Tick {...props} />
        <NameCell schema={schema} choice={props.choice} isTicked={props.isTicked} />
        {schema.problem ? null : <Settings {...props} />}
        <Button
          variant="ghost"
          size="icon-sm"
          className="col-start-3 row-start-1 text-muted-foreground md:col-start-7"
          aria-expanded={isExpanded}
          aria-controls={isExpanded ? reportId : undefined}
          aria-label={`What happens to the columns of ${schema.name}`}
          onClick={() => onExpand(schema.name)}
        >
          <ChevronRight aria-hidden className={cn('transition-transform', isExpanded && 'rotate-90')} />
        </Button>
      </div>
      {isExpanded ? (
        <div id={reportId} className="border-t border-border bg-subtle px-3 py-3 md:pl-10">
          <ColumnReport schema={schema} />
        </div>
      ) : null}
    </div>
  )
})

function Tick({ schema, index, isTicked, onTick, onFocusRow }: TableRowProps) {
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
      onClick={(event) => {
        isRange.current = event.shiftKey
      }}
      onCheckedChange={(value) => onTick(index, value === true, isRange.current)}
      onKeyDown={move}
    />
  )
}

function NameCell({ schema, choice, isTicked }: Pick<TableRowProps, 'schema' | 'choice' | 'isTicked'>) {
  const { name, kind, problem } = schema
  const warnings = isTicked ? keyWarnings(schema, choice) : []
  return (
    <div className={cn('min-w-0', problem && 'md:col-span-5')}>
      <p className="flex min-w-0 items-baseline gap-2">
        <span className={cn('truncate font-medium', problem && 'text-muted-foreground line-through')} title={name}>{name}</span>
        {kind === 'table' ? null : <span className="shrink-0 text-xs text-muted-foreground">{kind}</span>}
      </p>
      {problem ? (
        <p className="text-xs [overflow-wrap:anywhere]">
          <span className="text-broken">{problem.title}</span>
          {problem.advice ? <span className="text-muted-foreground"> · {problem.advice}</span> : null}
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
  if (choice.method === 'full') return []
  const key = schema.replicationKeys.find((candidate) => candidate.name === choice.replicationKey)
  // In the row only what it is; the method's dialog says what follows from it.
  return (key?.warnings ?? []).map((warning) => `${key?.name}: ${warning.charAt(0).toLowerCase()}${warning.slice(1).split(':')[0]}`)
}

function Settings({ schema, choice, onOpen }: TableRowProps) {
  const columns = choice.columnNames?.length ?? schema.columns.length
  const noted = schema.columns.filter((column) => column.note).length
  return (
    <div className="col-span-2 col-start-2 flex flex-wrap items-center gap-x-2 md:contents">
      <span className={cn('text-sm text-muted-foreground tabular md:text-right', schema.rowsEstimate === null && 'max-md:hidden')} title={schema.rowsEstimate === null ? 'Not known before it is read' : 'An estimate of the source'}>
        {schema.rowsEstimate === null ? '—' : formatCount(schema.rowsEstimate)}
        <span className="md:hidden"> rows</span>
      </span>
      <span className="text-sm text-muted-foreground tabular md:text-right">{schema.bytesEstimate === null ? <span className="max-md:hidden">—</span> : formatBytes(schema.bytesEstimate)}</span>
      <Button variant="outline" size="sm" className="min-w-0 justify-between font-normal" aria-label={`Sync method of ${schema.name}: ${choiceLabel(choice)}${schema.primaryKey.length ? '' : ' no key'}`} onClick={() => onOpen('method', schema)}>
        <span className="truncate">{choiceLabel(choice)}</span>{' '}
        {schema.primaryKey.length ? null : <span className="shrink-0 text-xs text-waiting">no key</span>}
      </Button>
      <Button variant="outline" size="sm" className="font-normal tabular" aria-label={`Columns of ${schema.name}: ${columns} of ${schema.columns.length}`} title={noted ? `${noted} kept as described: open the row` : undefined} onClick={() => onOpen('columns', schema)}>
        {columns} of {schema.columns.length}
      </Button>
    </div>
  )
}
