'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { failureView, getJson } from '@/components/syncs/get-json'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Spinner } from '@/components/ui/spinner'
import { formatBytes, formatCount, formatQuantity } from '@/lib/core/format'
import type { ChangeKind, ComparisonView } from '@/lib/tables/versions-schema'
import { ChangesTable } from './changes-table'
import { ColumnNotes } from './column-notes'

/** The rows that differ, page by page, with the counts as a filter. Leaving ends the comparison on the server too. */
export function Changes({ schemaId, from, to }: { schemaId: string; from: number; to: number }) {
  const [kind, setKind] = useState<ChangeKind | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['changes', schemaId, from, to, kind],
    queryFn: ({ pageParam, signal }) => getJson<ComparisonView>(`/api/tables/${schemaId}/changes?from=${from}&to=${to}${kind ? `&kind=${kind}` : ''}${pageParam ? `&offset=${pageParam}` : ''}`, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.nextOffset,
    // two versions never change
    staleTime: Infinity,
    retry: false,
    placeholderData: (former) => former,
  })
  if (list.isError) return <ErrorState error={failureView(list.error)} actions={<Button variant="outline" size="sm" onClick={() => void list.refetch()}>Try again</Button>} />
  const [first] = list.data?.pages ?? []
  if (!first) return <p role="status" className="flex items-center gap-2 py-12 text-muted-foreground"><Spinner className="text-running" />Comparing version {formatCount(from)} with version {formatCount(to)}</p>
  const changes = list.data?.pages.flatMap((page) => page.changes) ?? []
  const total = first.inserted + first.updated + first.deleted
  return (
    <div aria-busy={list.isPlaceholderData}>
      <div role="group" aria-label="Kinds of changes" className="mb-3 flex flex-wrap gap-2">
        <KindButton isOn={kind === null} onClick={() => setKind(null)} label="All" count={total} />
        <KindButton isOn={kind === 'inserted'} onClick={() => setKind('inserted')} label="Inserted" count={first.inserted} sign="+" />
        <KindButton isOn={kind === 'updated'} onClick={() => setKind('updated')} label="Updated" count={first.updated} sign="~" />
        <KindButton isOn={kind === 'deleted'} onClick={() => setKind('deleted')} label="Deleted" count={first.deleted} sign="−" />
      </div>
      <ColumnNotes columns={first.columns} />
      {changes.length ? <ChangesTable columns={first.columns} changes={changes} /> : <p className="border-t py-12 text-center text-muted-foreground">{total === 0 ? 'No row differs between these versions.' : 'No row differs in this way.'}</p>}
      <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted-foreground">
        {changes.length ? <span className="tabular">{formatQuantity(changes.length, 'row')} shown</span> : null}
        {first.bytesRead === null ? null : <span className="tabular">{formatBytes(first.bytesRead)} read</span>}
        {list.hasNextPage ? <Button variant="outline" size="sm" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button> : null}
      </p>
    </div>
  )
}

function KindButton({ isOn, onClick, label, count, sign }: { isOn: boolean; onClick(): void; label: string; count: number; sign?: string }) {
  return (
    <button type="button" aria-pressed={isOn} onClick={onClick} className={cn('flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm hover:bg-muted', isOn && 'border-primary bg-primary/5')}>
      {sign ? <span aria-hidden className="font-mono text-muted-foreground">{sign}</span> : null}{label} <span className="tabular text-muted-foreground">{formatCount(count)}</span>
    </button>
  )
}
