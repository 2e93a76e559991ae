import type { Route } from 'next'
import { redirect } from 'next/navigation'
import { requireViewer } from '@/lib/workspace/session'

export default async function Home() {
  const viewer = await requireViewer()
  redirect((viewer.previews.dataWarehouse ? '/sources' : '/settings') as Route)
}
