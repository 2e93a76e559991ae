'use client'

import { ChevronDown, Lock, Search } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { choiceOf, type LinkDraft } from './link-draft'
import { commonKeys, followsChanges, incrementalOn, suggestChoice, withMethod, type TableChoice } from './table-choices'
import type { TableFilter } from './table-list'

interface TablesToolbarProps {
  schemas: DiscoveredSchema[]
  listed: DiscoveredSchema[]
  draft: LinkDraft
  filter: TableFilter
  onFilter(changes: Partial<TableFilter>): void
  onSelect(tables: DiscoveredSchema[], isSelected: boolean): void
  onChoose(chosen: [string, TableChoice][]): void
}

/** Tick all that is listed, find, and set the method of many at once. */
export function TablesToolbar({ schemas, listed, draft, filter, onFilter, onSelect, onChoose }: TablesToolbarProps) {
  const readable = useMemo(() => listed.filter((schema) => !schema.problem), [listed])
  const ticked = useMemo(() => readable.filter((schema) => draft.selected.has(schema.name)), [readable, draft.selected])
  const unreadable = useMemo(() => schemas.filter((schema) => schema.problem).length, [schemas])
  const isFiltered = listed.length !== schemas.length
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <label className="flex min-h-8 items-center gap-2.5 pl-3 text-sm">
        <Checkbox
          aria-label={isFiltered ? `Tick all ${formatCount(readable.length)} listed tables` : 'Tick all tables'}
          checked={readable.length > 0 && ticked.length === readable.length ? true : ticked.length ? 'indeterminate' : false}
          disabled={!readable.length}
          onCheckedChange={(value) => onSelect(readable, value === true)}
        />
        <span className="tabular">
          {readable.length ? <>{formatCount(ticked.length)} of {formatCount(readable.length)}{isFiltered ? ' listed' : ''}</> : 'None to tick'}
        </span>
      </label>

      <div className="relative min-w-40 flex-1 sm:max-w-72">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted-foreground" />
        <Input type="search" aria-label="Filter tables" placeholder="Filter tables" className="pl-8" value={filter.text} onChange={(event) => onFilter({ text: event.target.value })} />
      </div>
      <Show value="ticked" filter={filter} onFilter={onFilter}>Ticked only</Show>
      {unreadable ? <Show value="unreadable" filter={filter} onFilter={onFilter}><Lock aria-hidden />{formatCount(unreadable)} cannot be read</Show> : null}
      {schemas.every(({ tracking }) => tracking === 'files') ? null : <BulkMethod ticked={ticked} draft={draft} onChoose={onChoose} />}
    </div>
  )
}

interface ShowProps extends Pick<TablesToolbarProps, 'filter' | 'onFilter'> {
  value: TableFilter['show']
  children: ReactNode
}

/** Show only some of the tables; pressed again, all. */
function Show({ value, filter, onFilter, children }: ShowProps) {
  const isOn = filter.show === value
  return <Button variant={isOn ? 'secondary' : 'ghost'} aria-pressed={isOn} onClick={() => onFilter({ show: isOn ? 'all' : value })}>{children}</Button>
}

interface BulkMethodProps {
  ticked: DiscoveredSchema[]
  draft: LinkDraft
  onChoose(chosen: [string, TableChoice][]): void
}

function BulkMethod({ ticked, draft, onChoose }: BulkMethodProps) {
  const keys = useMemo(() => commonKeys(ticked), [ticked])

  function apply(choiceFor: (schema: DiscoveredSchema, choice: TableChoice) => TableChoice | null) {
    const chosen = ticked.flatMap((schema): [string, TableChoice][] => {
      const choice = choiceFor(schema, choiceOf(draft, schema))
      return choice ? [[schema.name, choice]] : []
    })
    onChoose(chosen)
    const left = ticked.length - chosen.length
    toast(`Method set for ${formatQuantity(chosen.length, 'table')}`, { description: left ? `${formatQuantity(left, 'table')} cannot be synced this way and stayed as before.` : undefined })
  }

  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" disabled={!ticked.length} className="ml-auto">
          Set method
          <ChevronDown aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-w-80">
        <DropdownMenuLabel>For {formatQuantity(ticked.length, 'ticked table')}</DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => apply((schema, choice) => withMethod(schema, choice, suggestChoice(schema)))}>{ticked.every(followsChanges) ? 'Follow changes' : 'As suggested for each'}</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => apply((schema, choice) => withMethod(schema, choice, { method: 'full', replicationKey: null, keyColumns: choice.keyColumns }))}>Full table</DropdownMenuItem>
        {keys.length ? <DropdownMenuSeparator /> : null}
        {keys.map((key) => (
          <DropdownMenuItem key={key.name} onSelect={() => apply((schema, choice) => incrementalOn(schema, choice, key.name))}>
            <span className="min-w-0 truncate">Incremental · <span className="font-mono text-xs">{key.name}</span></span>
            <span className="ml-auto pl-4 text-xs text-muted-foreground tabular">{formatQuantity(key.tables, 'table')}</span>
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
