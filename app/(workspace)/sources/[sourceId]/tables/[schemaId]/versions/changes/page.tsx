import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { ChangesScreen } from '@/components/tables/changes-screen'
import { statusKeys } from '@/components/syncs/status-keys'
import { loadTableVersions } from '@/lib/tables/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../../../../or-not-found'
import { tableOfPage } from '../../table-of-page'

export const metadata: Metadata = { title: 'What changed' }

/** `?from=1&to=2`, and `kind` for one kind of change; without versions the last change. */
export default async function ChangesPage({ params }: { params: Promise<{ sourceId: string; schemaId: string }> }) {
  const viewer = await requireWarehouseViewer()
  const { sourceId, schemaId } = await params
  const table = await tableOfPage(sourceId, schemaId)
  const client = new QueryClient()
  client.setQueryData(statusKeys.versions(table.schemaId), await orNotFound(loadTableVersions(viewer, table.schemaId)))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ChangesScreen schemaId={table.schemaId} />
    </HydrationBoundary>
  )
}
