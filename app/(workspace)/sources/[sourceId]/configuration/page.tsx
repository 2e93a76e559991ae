import type { Metadata } from 'next'
import { ConfigurationTab } from '@/components/sources/configuration-tab'
import { loadSource } from '@/lib/sources/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../or-not-found'

export const metadata: Metadata = { title: 'Configuration' }

export default async function ConfigurationPage({ params }: { params: Promise<{ sourceId: string }> }) {
  const viewer = await requireWarehouseViewer()
  return <ConfigurationTab source={await orNotFound(loadSource(viewer, (await params).sourceId))} />
}
