import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PageBody } from '@/components/shell/page-body'
import { SourceHeader } from '@/components/sources/source-header'
import { statusKeys } from '@/components/syncs/status-keys'
import { sourceOfPage } from './source-of-page'

interface Props {
  params: Promise<{ sourceId: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const source = await sourceOfPage((await params).sourceId)
  return { title: { default: source.name, template: `%s · ${source.name} · Tributary` } }
}

export default async function SourceLayout({ params, children }: Props & { children: ReactNode }) {
  const source = await sourceOfPage((await params).sourceId)
  const client = new QueryClient()
  client.setQueryData(statusKeys.source(source.id), source)
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SourceHeader sourceId={source.id} />
      <PageBody>{children}</PageBody>
    </HydrationBoundary>
  )
}
