import { Warehouse } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { TurnOnButton } from '@/components/settings/turn-on-button'
import { EmptyState } from '@/components/shell/empty-state'
import { Button } from '@/components/ui/button'
import { requireViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Data warehouse' }

/** What the routes of the data warehouse answer while its preview is off. */
export default async function DataWarehouseOffPage() {
  const viewer = await requireViewer()
  if (viewer.previews.dataWarehouse) redirect('/sources')
  const isOwner = viewer.role === 'owner'
  const actions = (
    <>
      <Button asChild variant="outline"><Link href="/settings/previews">Feature previews</Link></Button>
      {isOwner ? <TurnOnButton /> : null}
    </>
  )
  return (
    <EmptyState isPage icon={<Warehouse />} title="The data warehouse is turned off" actions={actions}>
      It is a feature preview, in beta and free while it is. {isOwner ? 'Turn it on here, or' : 'An owner of the workspace can turn it on'} under Settings, Feature previews. Nothing was deleted: sources, tables and schedules are as they were.
    </EmptyState>
  )
}
