import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { RunsTab } from '@/components/sources/runs-tab'
import { runsKey } from '@/components/syncs/status-keys'
import { loadSchemaNames } from '@/lib/sources/loaders'
import { loadRuns } from '@/lib/syncs/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Runs' }

interface Props {
  params: Promise<{ sourceId: string }>
  searchParams: Promise<{ schemaId?: string; status?: string }>
}

export default async function RunsPage({ params, searchParams }: Props) {
  const viewer = await requireWarehouseViewer()
  const { sourceId } = await params
  const { schemaId, status } = await searchParams
  const filter = { schemaId, status }
  const client = new QueryClient()
  const [first, schemas] = await Promise.all([loadRuns(viewer, { sourceId, ...filter }), loadSchemaNames(viewer, sourceId)])
  client.setQueryData(runsKey(sourceId, filter), { pages: [first], pageParams: [null] })
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunsTab sourceId={sourceId} schemas={schemas} />
    </HydrationBoundary>
  )
}
