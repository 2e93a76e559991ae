import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RunScreen } from '@/components/syncs/run-screen'
import { statusKeys } from '@/components/syncs/status-keys'
import { loadRun, loadRunLog } from '@/lib/syncs/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../../or-not-found'

export const metadata: Metadata = { title: 'Run' }

export default async function RunPage({ params }: { params: Promise<{ sourceId: string; runId: string }> }) {
  const viewer = await requireWarehouseViewer()
  const { sourceId, runId } = await params
  const [run, log] = await Promise.all([orNotFound(loadRun(viewer, runId)), loadRunLog(viewer, runId, '0')])
  if (run.sourceId !== sourceId) notFound()
  const client = new QueryClient()
  client.setQueryData(statusKeys.run(runId), run)
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunScreen runId={runId} firstLog={log} />
    </HydrationBoundary>
  )
}
