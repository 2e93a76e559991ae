'use client'

import { RefreshCw, Search, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { frequencies, frequencyLabels } from '@/components/syncs/frequency-labels'
import { useAction } from '@/components/syncs/use-action'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { SchemaView, SourceView } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'
import type { Frequency } from '@/lib/syncs/schema'
import { schemaFilterLabels, schemaFilters, type SchemaFilter } from './pick-schemas'
import { useSchemaChange } from './use-schema-change'
import type { Selection } from './use-selection'

/** To list everything more often than that is a full table by another name. */
const LISTINGS: (Frequency | null)[] = ['day', 'week', 'month', null]

interface SchemaToolbarProps {
  source: Pick<SourceView, 'id' | 'name'>
  schemas: SchemaView[]
  shown: SchemaView[]
  selection: Selection
  search: string
  onSearch(search: string): void
  filter: SchemaFilter
  onFilter(filter: SchemaFilter): void
}

/** One line of one height: filter, or what can be done with the selected schemas. */
export function SchemaToolbar({ source, schemas, shown, selection, search, onSearch, filter, onFilter }: SchemaToolbarProps) {
  if (selection.ids.size) return <BulkBar source={source} schemas={shown.filter((schema) => selection.ids.has(schema.id))} onClear={selection.clear} />
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 py-1">
      <div className="relative min-w-32 flex-1 sm:max-w-64">
        <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted-foreground" />
        <Input type="search" aria-label={`Filter schemas of ${source.name}`} placeholder="Filter schemas" value={search} onChange={(event) => onSearch(event.target.value)} className="h-7 pl-7.5 text-sm" />
      </div>
      <select aria-label="Show" value={filter} onChange={(event) => onFilter(schemaFilters.find((each) => each === event.target.value) ?? 'all')} className="h-7 rounded-md border border-input bg-background px-2 text-sm">
        {schemaFilters.map((each) => <option key={each} value={each}>{schemaFilterLabels[each]}</option>)}
      </select>
      <span className="text-sm text-muted-foreground tabular" aria-live="polite">
        {shown.length === schemas.length ? formatQuantity(schemas.length, 'schema') : `${formatCount(shown.length)} of ${formatQuantity(schemas.length, 'schema')}`}
      </span>
    </div>
  )
}

function BulkBar({ source, schemas, onClear }: { source: Pick<SourceView, 'id'>; schemas: SchemaView[]; onClear(): void }) {
  const { isBusy, change } = useSchemaChange(source.id)
  const action = useAction()
  const ids = schemas.map((schema) => schema.id)
  const listable = schemas.filter((schema) => schema.canReconcile).map((schema) => schema.id)
  const count = formatQuantity(ids.length, 'schema')

  async function switchAll(enabled: boolean): Promise<void> {
    if (await change(ids, { enabled })) toast.success(`${count} ${enabled ? 'enabled' : 'disabled'}`)
  }

  /** Only those of the selection that follow changes: what is read whole at each sync, or forgets its rows, has nothing to be found. */
  async function list(frequency: Frequency | null): Promise<void> {
    if (await change(listable, { reconcileFrequency: frequency })) toast.success(`Listing of ${formatQuantity(listable.length, 'schema')}: ${frequency === null ? 'never' : frequencyLabels[frequency].toLowerCase()}`)
  }

  async function syncAll(): Promise<void> {
    const done = await action.run(() => startSyncAction({ schemaIds: ids, isFull: false }))
    if (done) toast.success(`Sync of ${formatQuantity(done.value.runIds.length, 'schema')} asked for`)
  }

  return (
    <div role="toolbar" aria-label="Selected schemas" className="flex min-h-10 flex-wrap items-center gap-1.5 py-1">
      <span className="mr-1 font-medium tabular">{formatCount(ids.length)} selected</span>
      <Button variant="outline" size="sm" disabled={isBusy} onClick={() => void switchAll(true)}>Enable</Button>
      <Button variant="outline" size="sm" disabled={isBusy} onClick={() => void switchAll(false)}>Disable</Button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild><Button variant="outline" size="sm" disabled={isBusy}>Frequency</Button></DropdownMenuTrigger>
        <DropdownMenuContent>
          {frequencies.map((frequency) => (
            <DropdownMenuItem key={frequency} onSelect={() => void change(ids, { frequency }).then((isDone) => isDone && toast.success(`${count}: ${frequencyLabels[frequency]}`))}>{frequencyLabels[frequency]}</DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
      {listable.length ? (
        <DropdownMenu>
          <DropdownMenuTrigger asChild><Button variant="outline" size="sm" disabled={isBusy}>Listing</Button></DropdownMenuTrigger>
          <DropdownMenuContent className="max-w-72">
            <DropdownMenuLabel>Look for unreported deletions in {formatQuantity(listable.length, 'schema')}</DropdownMenuLabel>
            {LISTINGS.map((frequency) => <DropdownMenuItem key={frequency} onSelect={() => void list(frequency)}>{frequency === null ? 'Never' : frequencyLabels[frequency]}</DropdownMenuItem>)}
          </DropdownMenuContent>
        </DropdownMenu>
      ) : null}
      <Button variant="outline" size="sm" isBusy={action.isBusy} onClick={() => void syncAll()}><RefreshCw aria-hidden />Sync now</Button>
      <Button variant="ghost" size="sm" onClick={onClear}><X aria-hidden />Clear</Button>
    </div>
  )
}
