import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { SchemasTab } from '@/components/sources/schemas-tab'
import { statusKeys } from '@/components/syncs/status-keys'
import { loadSchemas } from '@/lib/sources/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Schemas' }

export default async function SchemasPage({ params }: { params: Promise<{ sourceId: string }> }) {
  const viewer = await requireWarehouseViewer()
  const { sourceId } = await params
  const client = new QueryClient()
  client.setQueryData(statusKeys.schemas(sourceId), await loadSchemas(viewer, sourceId))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SchemasTab sourceId={sourceId} />
    </HydrationBoundary>
  )
}
