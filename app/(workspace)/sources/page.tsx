import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { SourcesScreen } from '@/components/sources/sources-screen'
import { statusKeys } from '@/components/syncs/status-keys'
import { loadSchemas, loadSources, loadStarters } from '@/lib/sources/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Sources' }

/** A link may name many open sources: the rest of them load their schemas once the page stands. */
const OPEN_ON_SERVER = 10

export default async function SourcesPage({ searchParams }: { searchParams: Promise<{ open?: string | string[] }> }) {
  const viewer = await requireWarehouseViewer()
  const open = [(await searchParams).open ?? []].flat().join(',').split(',').filter(Boolean).slice(0, OPEN_ON_SERVER)
  const client = new QueryClient()
  const [sources, schemas] = await Promise.all([loadSources(viewer), Promise.all(open.map((sourceId) => loadSchemas(viewer, sourceId)))])
  client.setQueryData(statusKeys.sources, sources)
  open.forEach((sourceId, place) => client.setQueryData(statusKeys.schemas(sourceId), schemas[place]))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SourcesScreen starters={loadStarters()} />
    </HydrationBoundary>
  )
}
