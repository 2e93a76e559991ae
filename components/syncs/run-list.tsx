'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { EmptyState } from '@/components/shell/empty-state'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import type { RunPage } from '@/lib/syncs/schema'
import { failureView, getJson } from './get-json'
import { RunStrip } from './run-strip'
import { RunTable } from './run-table'
import { isActive } from './run-words'
import { runsKey } from './status-keys'
import { usePolling } from './use-live-status'

const STRIP_RUNS = 30

interface RunListProps {
  sourceId: string
  schemaId: string | null
  status: string | null
  /** Null when nothing is filtered. */
  onShowAll: (() => void) | null
}

/** Runs, newest first: a strip of the last thirty, and the table, page by page. */
export function RunList({ sourceId, schemaId, status, onShowAll }: RunListProps) {
  const polling = usePolling(true)
  const list = useInfiniteQuery({
    queryKey: runsKey(sourceId, { schemaId, status }),
    queryFn: ({ pageParam, signal }) => getJson<RunPage>(`/api/status/runs?${query({ sourceId, schemaId, status, cursor: pageParam })}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (state) => polling && (state.state.data?.pages[0]?.runs.some(isActive) ? polling : 30_000),
  })
  if (list.isPending) return <div aria-busy="true" aria-label="Loading runs" className="grid gap-2"><Skeleton className="h-16" />{Array.from({ length: 10 }, (_, place) => <Skeleton key={place} className="h-8" />)}</div>
  if (!list.data) return <ErrorState error={failureView(list.error)} actions={<Button variant="outline" size="sm" onClick={() => void list.refetch()}>Try again</Button>} />
  const runs = list.data.pages.flatMap((page) => page.runs)
  if (runs.length === 0) {
    return onShowAll
      ? <p className="py-12 text-center text-muted-foreground">No run matches. <Button variant="link" className="h-auto p-0" onClick={onShowAll}>Show all runs</Button></p>
      : <EmptyState icon={<History />} title="No runs yet">Each sync of a schema is a run; the first one appears here as soon as it is asked for.</EmptyState>
  }
  return (
    <>
      <RunStrip runs={runs.slice(0, STRIP_RUNS)} />
      <RunTable runs={runs} />
      {list.hasNextPage ? <div className="mt-4 text-center"><Button variant="outline" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show older runs</Button></div> : null}
    </>
  )
}

function query(values: Record<string, string | null>): string {
  return new URLSearchParams(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null)).toString()
}
