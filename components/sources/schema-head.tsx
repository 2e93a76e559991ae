'use client'

import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import type { SchemaSortKey } from './pick-schemas'
import { schemaGrid, schemaWideOnly } from './schema-columns'
import { ariaSort, SortButton, type SortState } from './sort-head'
import type { Selection } from './use-selection'

interface SchemaHeadProps {
  selection: Selection
  /** How many schemas are shown. */
  count: number
  sort: SortState<SchemaSortKey> | null
  onSort(sort: SortState<SchemaSortKey> | null): void
}

export function SchemaHead({ selection, count, sort, onSort }: SchemaHeadProps) {
  const isAll = count > 0 && selection.ids.size === count
  const head = (key: SchemaSortKey, label: string, className?: string) => (
    <div role="columnheader" aria-sort={ariaSort(sort, key)} className={className}>
      <SortButton sortKey={key} sort={sort} onSort={onSort} className={className?.includes('text-right') ? 'flex-row-reverse' : undefined}>{label}</SortButton>
    </div>
  )
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={cn(schemaGrid, 'h-8 items-center border-b text-xs whitespace-nowrap text-muted-foreground')}>
        <div role="columnheader" className="flex">
          <Checkbox aria-label="Select every schema shown" disabled={count === 0} checked={isAll ? true : selection.ids.size ? 'indeterminate' : false} onCheckedChange={() => selection.toggleAll()} />
        </div>
        {head('name', 'Schema')}
        {head('enabled', 'Sync')}
        {head('tableName', 'Synced table', schemaWideOnly)}
        {head('method', 'Method', schemaWideOnly)}
        {head('lastSynced', 'Last synced', schemaWideOnly)}
        {head('rows', 'Rows', cn(schemaWideOnly, 'text-right'))}
        {head('status', 'Status', schemaWideOnly)}
        <div role="columnheader"><span className="sr-only">Menu</span></div>
      </div>
    </div>
  )
}
