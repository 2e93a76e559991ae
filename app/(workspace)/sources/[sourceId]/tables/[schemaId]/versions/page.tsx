import type { Metadata } from 'next'
import { VersionsTab } from '@/components/tables/versions-tab'
import { VersionsOfPage, type VersionsParams } from './versions-of-page'

export const metadata: Metadata = { title: 'Versions' }

export default function VersionsPage({ params }: { params: VersionsParams }) {
  return <VersionsOfPage params={params} screen={VersionsTab} />
}
