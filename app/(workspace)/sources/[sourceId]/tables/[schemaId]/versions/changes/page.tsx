import type { Metadata } from 'next'
import { ChangesScreen } from '@/components/tables/changes-screen'
import { VersionsOfPage, type VersionsParams } from '../versions-of-page'

export const metadata: Metadata = { title: 'What changed' }

/** `?from=1&to=2`, and `kind` for one kind of change; without versions the last change. */
export default function ChangesPage({ params }: { params: VersionsParams }) {
  return <VersionsOfPage params={params} screen={ChangesScreen} />
}
