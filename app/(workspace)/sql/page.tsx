import type { Metadata } from 'next'
import { PageHeader } from '@/components/shell/page-header'
import { WarehouseTabs } from '@/components/shell/warehouse-tabs'
import { SqlWorkbench } from '@/components/sql-editor/sql-workbench'
import { loadSqlScreen } from '@/lib/sql-editor/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'SQL' }

interface SqlPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `?table=NAME` shows the first rows of a table, with `version=NUMBER` as of that one; `?query=ID` opens a saved query. */
export default async function SqlPage({ searchParams }: SqlPageProps) {
  const viewer = await requireWarehouseViewer()
  const { table, query, version } = await searchParams
  const savedQueryId = typeof query === 'string' && UUID.test(query) ? query : undefined
  const { opened, sidebar } = await loadSqlScreen(viewer, savedQueryId)
  return (
    <>
      <PageHeader title="Data warehouse" tabs={<WarehouseTabs />} isWide />
      <SqlWorkbench workspaceId={viewer.workspaceId} lists={sidebar} opened={opened ?? null} table={typeof table === 'string' && table !== '' ? table : null} version={typeof version === 'string' && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null} />
    </>
  )
}
