'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, Search } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { PageBody } from '@/components/shell/page-body'
import { PageHeader } from '@/components/shell/page-header'
import { WarehouseTabs } from '@/components/shell/warehouse-tabs'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Spinner } from '@/components/ui/spinner'
import { failureView, getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { useLiveStatus, usePolling } from '@/components/syncs/use-live-status'
import type { ConnectorView, SourceView } from '@/lib/sources/schema'
import { readSort, writeSort } from './sort-head'
import { pickSources, sourceSortKeys } from './sort-sources'
import { SourceTable } from './source-table'
import { SourcesEmpty } from './sources-empty'
import { StatusFilter } from './status-filter'
import { useAddress } from './use-address'

const hrefNew: Route = '/sources/new' as Route
/** The address follows the search once the typing pauses. */
const SEARCH_PAUSE_MS = 250

/** The sources of the workspace, live. */
export function SourcesScreen({ starters }: { starters: Pick<ConnectorView, 'id' | 'label' | 'description'>[] }) {
  useLiveStatus()
  const polling = usePolling(false)
  const sources = useQuery({
    queryKey: statusKeys.sources,
    queryFn: ({ signal }) => getJson<SourceView[]>('/api/status/sources', signal),
    refetchInterval: (query) => (polling && query.state.data?.some((source) => source.status === 'syncing') ? 5_000 : polling),
  })
  const [search, setSearch] = useSearch()
  const isEmpty = sources.data?.length === 0

  return (
    <>
      <PageHeader
        title="Data warehouse"
        tabs={<WarehouseTabs />}
        actions={
          <>
            {isEmpty ? null : <SearchField value={search} onChange={setSearch} />}
            <Button asChild><Link href={hrefNew}><Plus aria-hidden />Link source</Link></Button>
          </>
        }
      />
      <PageBody>
        {sources.data ? (
          isEmpty ? <SourcesEmpty starters={starters} /> : <SourceLists sources={sources.data} search={search} onClear={() => setSearch('')} />
        ) : sources.isError ? (
          <ErrorState variant="page" error={failureView(sources.error)} actions={<Button variant="outline" onClick={() => void sources.refetch()}>Try again</Button>} />
        ) : (
          <div className="flex justify-center py-16"><Spinner label="Loading sources" /></div>
        )}
      </PageBody>
    </>
  )
}

function SearchField({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <div className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted-foreground" />
      <Input type="search" aria-label="Search sources" placeholder="Search" value={value} onChange={(event) => onChange(event.target.value)} className="w-36 pl-8 sm:w-56" />
    </div>
  )
}

function useSearch(): [string, (search: string) => void] {
  const address = useAddress()
  const { set } = address
  const [search, setSearch] = useState(address.get('q') ?? '')
  useEffect(() => {
    const timer = setTimeout(() => set({ q: search.trim() || null }), SEARCH_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [search, set])
  return [search, setSearch]
}

function SourceLists({ sources, search, onClear }: { sources: SourceView[]; search: string; onClear(): void }) {
  const address = useAddress()
  const status = address.get('status')
  const sort = readSort(address.get('sort'), sourceSortKeys)
  const picked = pickSources(sources, { search, status, sort })
  const orderKey = `${search}|${status}|${writeSort(sort)}`
  const managed = picked.filter((source) => source.group === 'managed')
  const selfManaged = picked.filter((source) => source.group === 'self-managed')
  const open = new Set((address.get('open') ?? '').split(',').filter(Boolean))
  const toggle = (sourceId: string, isOpen: boolean) => {
    const next = new Set(open)
    if (isOpen) next.add(sourceId)
    else next.delete(sourceId)
    address.set({ open: [...next].join(',') || null })
  }
  const shared = { open, onToggle: toggle, sort, orderKey, onSort: (next: typeof sort) => address.set({ sort: writeSort(next) }) }

  return (
    <>
      {sources.length > 5 || status ? <StatusFilter sources={sources} status={status} onChange={(next) => address.set({ status: next })} /> : null}
      {picked.length === 0 ? (
        <p className="py-12 text-center text-muted-foreground">
          No source matches.{' '}
          <Button variant="link" className="h-auto p-0" onClick={() => { onClear(); address.set({ status: null }) }}>Show all {sources.length}</Button>
        </p>
      ) : null}
      {managed.length ? <SourceTable label="Sources" sources={managed} {...shared} /> : null}
      {selfManaged.length ? (
        <section className="not-first:mt-8">
          <h2 className="mb-2 font-semibold">Self-managed</h2>
          <SourceTable label="Self-managed sources" sources={selfManaged} {...shared} />
        </section>
      ) : null}
    </>
  )
}
