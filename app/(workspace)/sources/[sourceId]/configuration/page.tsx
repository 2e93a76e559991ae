import type { Metadata } from 'next'
import { ConfigurationTab } from '@/components/sources/configuration-tab'
import { sourceOfPage } from '../source-of-page'

export const metadata: Metadata = { title: 'Configuration' }

export default async function ConfigurationPage({ params }: { params: Promise<{ sourceId: string }> }) {
  return <ConfigurationTab source={await sourceOfPage((await params).sourceId)} />
}
