import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TableHead } from '@/components/tables/table-head'
import { tableOfPage } from './table-of-page'

interface Props {
  params: Promise<{ sourceId: string; schemaId: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { sourceId, schemaId } = await params
  const table = await tableOfPage(sourceId, schemaId)
  return { title: { default: table.name, template: `%s · ${table.name} · Tributary` } }
}

export default async function TableLayout({ params, children }: Props & { children: ReactNode }) {
  const { sourceId, schemaId } = await params
  return (
    <>
      <TableHead table={await tableOfPage(sourceId, schemaId)} />
      {children}
    </>
  )
}
