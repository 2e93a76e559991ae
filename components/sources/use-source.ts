'use client'

import { useQuery } from '@tanstack/react-query'
import { getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { usePolling } from '@/components/syncs/use-live-status'
import type { SourceView } from '@/lib/sources/schema'

/** A source as it is now; the page's server part put it into the cache. Undefined once it is gone. */
export function useSource(sourceId: string): SourceView | undefined {
  const polling = usePolling(true)
  const { data } = useQuery({
    queryKey: statusKeys.source(sourceId),
    queryFn: ({ signal }) => getJson<SourceView>(`/api/status/sources/${sourceId}`, signal),
    refetchInterval: polling,
  })
  return data
}
