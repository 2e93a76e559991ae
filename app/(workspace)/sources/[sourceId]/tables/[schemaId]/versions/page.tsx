import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { statusKeys } from '@/components/syncs/status-keys'
import { VersionsTab } from '@/components/tables/versions-tab'
import { loadTableVersions } from '@/lib/tables/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../../../or-not-found'
import { tableOfPage } from '../table-of-page'

export const metadata: Metadata = { title: 'Versions' }

export default async function VersionsPage({ params }: { params: Promise<{ sourceId: string; schemaId: string }> }) {
  const viewer = await requireWarehouseViewer()
  const { sourceId, schemaId } = await params
  const table = await tableOfPage(sourceId, schemaId)
  const client = new QueryClient()
  client.setQueryData(statusKeys.versions(table.schemaId), await orNotFound(loadTableVersions(viewer, table.schemaId)))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <VersionsTab schemaId={table.schemaId} />
    </HydrationBoundary>
  )
}
