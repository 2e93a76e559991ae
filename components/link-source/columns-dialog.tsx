'use client'

import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/connectors/read-lines'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import type { DiscoveredSchema, SourceColumn } from '@/lib/sources/schema'
import { ColumnTypes, Fidelity } from './column-report'
import { neededColumns, type TableChoice } from './table-choices'
import { useReturnFocus } from './use-return-focus'

const FILTER_FROM = 12

interface ColumnsDialogProps {
  schema: DiscoveredSchema
  choice: TableChoice
  /** Looks at the first rows: a sentence for each column whose type does not tell everything. */
  measure(signal: AbortSignal): Promise<Record<string, string>>
  onSave(columnNames: string[] | null): void
  onClose(): void
}

/** Which columns of a table are synced, and what becomes of each; what its method needs cannot be left out. */
export function ColumnsDialog({ schema, choice, measure, onSave, onClose }: ColumnsDialogProps) {
  const returnFocus = useReturnFocus()
  const needed = neededColumns(schema, choice)
  const [ticked, setTicked] = useState(() => new Set(choice.columnNames ?? schema.columns.map((column) => column.name)))
  const [filter, setFilter] = useState('')
  const measured = useQuery({ queryKey: ['measured', schema.name], queryFn: ({ signal }) => measure(signal), retry: false, gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false })
  const shown = schema.columns.filter((column) => column.name.toLowerCase().includes(filter.trim().toLowerCase()))
  const tickedShown = shown.filter((column) => ticked.has(column.name)).length
  const isAll = ticked.size === schema.columns.length

  function tick(names: string[], isTicked: boolean) {
    const next = new Set(ticked)
    for (const name of names) if (isTicked || needed.has(name)) next.add(name)
      else next.delete(name)
    setTicked(next)
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent {...returnFocus} className="grid-rows-[auto_auto_minmax(0,1fr)] overflow-hidden sm:max-w-xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Columns of {schema.name}</DialogTitle>
          <DialogDescription>With all of them ticked, columns that appear later are synced as well.</DialogDescription>
        </DialogHeader>
        <div className="flex items-center gap-3">
          <label className="flex items-center gap-2 text-sm">
            <Checkbox checked={tickedShown === shown.length && shown.length > 0 ? true : tickedShown ? 'indeterminate' : false} onCheckedChange={(value) => tick(shown.map((column) => column.name), value === true)} aria-label="All columns" />
            <span className="tabular">{ticked.size} of {schema.columns.length}</span>
          </label>
          {schema.columns.length >= FILTER_FROM ? (
            <div className="relative flex-1">
              <Search aria-hidden className="absolute top-2 left-2 size-4 text-muted-foreground" />
              <Input aria-label="Filter columns" placeholder="Filter" className="pl-8" value={filter} onChange={(event) => setFilter(event.target.value)} />
            </div>
          ) : null}
        </div>
        <ul aria-label="Columns" className="-mx-1 min-h-24 overflow-y-auto rounded-md border border-border">
          {shown.map((column) => (
            <ColumnRow key={column.name} column={column} measured={measured.data?.[column.name]} isTicked={ticked.has(column.name)} need={!needed.has(column.name) ? null : column.name === choice.replicationKey && choice.method === 'incremental' ? 'replication key' : 'key'} onTick={(value) => tick([column.name], value)} />
          ))}
          {shown.length ? null : <li className="p-3 text-sm text-muted-foreground">No column has this in its name.</li>}
        </ul>
        {measured.isError ? <p className="text-xs text-waiting">What the first rows hold could not be looked at: {failureOf(measured.error).title}.</p> : null}
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="outline">Cancel</Button>
          </DialogClose>
          <Button disabled={!ticked.size} onClick={() => onSave(isAll ? null : schema.columns.map((column) => column.name).filter((name) => ticked.has(name)))}>
            Use {isAll ? 'all columns' : `${ticked.size} column${ticked.size === 1 ? '' : 's'}`}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

interface ColumnRowProps {
  column: SourceColumn
  measured: string | undefined
  isTicked: boolean
  /** What it is needed for; it cannot be left out then. */
  need: string | null
  onTick(isTicked: boolean): void
}

function ColumnRow({ column, measured, isTicked, need, onTick }: ColumnRowProps) {
  return (
    <li className="border-b border-border last:border-0">
      <label className="flex items-start gap-2.5 px-3 py-1.5 text-sm">
        <Checkbox className="mt-0.5" checked={isTicked} disabled={need !== null} onCheckedChange={(value) => onTick(value === true)} />
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <span className="font-mono text-xs font-medium">{column.name}</span>
          {need ? <span className="text-xs text-muted-foreground"> · {need}</span> : null}
          <span className="mt-0.5 block"><ColumnTypes column={column} /> <Fidelity column={column} measured={measured} /></span>
        </span>
      </label>
    </li>
  )
}
