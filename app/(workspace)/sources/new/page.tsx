import type { Metadata } from 'next'
import { Catalogue } from '@/components/link-source/catalogue'
import { PageBody } from '@/components/shell/page-body'
import { PageHeader } from '@/components/shell/page-header'
import { loadCatalogue } from '@/lib/sources/link-loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Link source' }

export default async function NewSourcePage() {
  const viewer = await requireWarehouseViewer()
  return (
    <>
      <PageHeader title="Link source" breadcrumb={[{ label: 'Sources', href: '/sources' }]} description="Choose what to link. Its tables are copied here and kept fresh." />
      <PageBody>
        <Catalogue connectors={loadCatalogue(viewer)} />
      </PageBody>
    </>
  )
}
