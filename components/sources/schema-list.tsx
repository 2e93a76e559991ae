'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { failureView, getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { usePolling } from '@/components/syncs/use-live-status'
import type { SchemaView, SourceView } from '@/lib/sources/schema'
import { pickSchemas, type SchemaFilter, type SchemaSortKey } from './pick-schemas'
import { HeldNotice } from './held-notice'
import { SchemaHead } from './schema-head'
import { SchemaRow } from './schema-row'
import { DRAW_ALL_UP_TO, SchemaSkeleton, SkeletonRows } from './schema-skeleton'
import { SchemaToolbar } from './schema-toolbar'
import { writeSort, type SortState } from './sort-head'
import { useSelection } from './use-selection'
import { useStableOrder } from './use-stable-order'

const VirtualSchemaRows = dynamic(() => import('./virtual-schema-rows').then((module) => module.VirtualSchemaRows), { ssr: false, loading: () => <SkeletonRows /> })

/** The schemas of a source: filter, sort, select, switch, and what each of them does now. */
export function SchemaList({ source, isPage = false }: { source: Pick<SourceView, 'id' | 'name' | 'files' | 'totalSchemas' | 'status' | 'failedSchemas' | 'heldSchemas' | 'differingSchemas' | 'comparedSchemas' | 'runningSchemas'>; isPage?: boolean }) {
  const schemas = useQuery({
    queryKey: statusKeys.schemas(source.id),
    queryFn: ({ signal }) => getJson<SchemaView[]>(`/api/status/sources/${source.id}/schemas`, signal),
    refetchInterval: usePolling(source.status === 'syncing'),
  })
  if (schemas.data) return <LoadedSchemas source={source} schemas={schemas.data} isPage={isPage} />
  if (schemas.isError) return <ErrorState error={failureView(schemas.error)} actions={<Button variant="outline" size="sm" onClick={() => void schemas.refetch()}>Try again</Button>} />
  return <SchemaSkeleton source={source} />
}

function LoadedSchemas({ source, schemas, isPage }: { source: Pick<SourceView, 'id' | 'name' | 'files'>; schemas: SchemaView[]; isPage: boolean }) {
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<SchemaFilter>('all')
  const [sort, setSort] = useState<SortState<SchemaSortKey> | null>(null)
  const picked = useMemo(() => pickSchemas(schemas, { search, filter, sort }), [schemas, search, filter, sort])
  const { items, hold } = useStableOrder(picked, `${search}|${filter}|${writeSort(sort)}`)
  const selection = useSelection(items.map((schema) => schema.id))

  if (schemas.length === 0) return <p className="py-6 text-muted-foreground">{source.files ? 'This source has no table. Add one: a name, and where its files are.' : 'This source offers no schema yet. Refresh its schemas on the Configuration tab once it has some.'}</p>
  return (
    <div {...hold}>
      <SchemaToolbar source={source} schemas={schemas} shown={items} selection={selection} search={search} onSearch={setSearch} filter={filter} onFilter={setFilter} />
      <HeldNotice schemas={schemas} />
      <div role="table" aria-label={`Schemas of ${source.name}`} aria-rowcount={items.length + 1} className="border-t">
        <SchemaHead selection={selection} count={items.length} sort={sort} onSort={setSort} />
        {items.length > DRAW_ALL_UP_TO ? (
          <VirtualSchemaRows schemas={items} selection={selection} isPage={isPage} />
        ) : (
          <div role="rowgroup">
            {items.map((schema, place) => <SchemaRow key={schema.id} schema={schema} place={place} isSelected={selection.ids.has(schema.id)} onSelect={selection.toggle} />)}
          </div>
        )}
      </div>
      {items.length === 0 ? (
        <p className="py-6 text-center text-muted-foreground">
          No schema matches.{' '}
          <Button variant="link" className="h-auto p-0" onClick={() => { setSearch(''); setFilter('all') }}>Show all {schemas.length}</Button>
        </p>
      ) : null}
    </div>
  )
}
