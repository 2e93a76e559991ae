import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { ImportStep } from '@/components/link-source/import-step'
import { LinkWizard } from '@/components/link-source/link-wizard'
import { PageBody } from '@/components/shell/page-body'
import { PageHeader } from '@/components/shell/page-header'
import { AppError } from '@/lib/core/errors'
import { loadLinkForm } from '@/lib/sources/link-loaders'
import { loadSchemas, loadSource } from '@/lib/sources/loaders'
import type { Viewer } from '@/lib/workspace/schema'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Link source' }

interface Props {
  params: Promise<{ connector: string }>
  searchParams: Promise<{ source?: string | string[] }>
}

/** The steps of one connector; with `?source=` the import of the source that they made. */
export default async function LinkConnectorPage({ params, searchParams }: Props) {
  const viewer = await requireWarehouseViewer()
  const [{ connector }, { source }] = await Promise.all([params, searchParams])
  const form = await orNotFound(() => loadLinkForm(viewer, decodeURIComponent(connector)))
  const { label, id } = form.connector
  return (
    <>
      <PageHeader
        title={
          <span className="flex items-center gap-2.5">
            <ConnectorIcon connector={id} label={label} size="sm" />
            Link {label}
          </span>
        }
        breadcrumb={[{ label: 'Sources', href: '/sources' }, { label: 'Link source', href: '/sources/new' }]}
      />
      <PageBody>{typeof source === 'string' ? await importOf(viewer, source) : <LinkWizard form={form} />}</PageBody>
    </>
  )
}

async function importOf(viewer: Viewer, sourceId: string) {
  const source = await loadSource(viewer, sourceId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') redirect('/sources')
    throw error
  })
  const schemas = await loadSchemas(viewer, sourceId)
  return <ImportStep source={{ id: source.id, name: source.name, connector: source.connector, files: source.files }} schemas={schemas} />
}

async function orNotFound<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound()
    throw error
  }
}
