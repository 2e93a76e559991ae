import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { statusKeys } from '@/components/syncs/status-keys'
import { loadTableVersions } from '@/lib/tables/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../../../or-not-found'
import { tableOfPage } from '../table-of-page'

export type VersionsParams = Promise<{ sourceId: string; schemaId: string }>

/** Hands the versions of the table of this address to the screen that draws them. */
export async function VersionsOfPage({ params, screen: Screen }: { params: VersionsParams; screen: ComponentType<{ schemaId: string }> }) {
  const viewer = await requireWarehouseViewer()
  const { sourceId, schemaId } = await params
  const table = await tableOfPage(sourceId, schemaId)
  const client = new QueryClient()
  client.setQueryData(statusKeys.versions(table.schemaId), await orNotFound(loadTableVersions(viewer, table.schemaId)))
  return <HydrationBoundary state={dehydrate(client)}><Screen schemaId={table.schemaId} /></HydrationBoundary>
}
