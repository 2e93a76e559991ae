import type { QueryClient } from '@tanstack/react-query'
import { statusKeys } from '@/components/syncs/status-keys'
import type { SourceView } from '@/lib/sources/schema'

/** A source as the page has it already, alone or in the list. */
export function knownSource(client: QueryClient, sourceId: string): SourceView | undefined {
  return client.getQueryData<SourceView>(statusKeys.source(sourceId)) ?? client.getQueryData<SourceView[]>(statusKeys.sources)?.find(({ id }) => id === sourceId)
}
