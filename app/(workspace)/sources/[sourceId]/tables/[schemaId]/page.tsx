import type { Route } from 'next'
import { redirect } from 'next/navigation'

/** The first tab. */
export default async function TablePage({ params }: { params: Promise<{ sourceId: string; schemaId: string }> }) {
  const { sourceId, schemaId } = await params
  redirect(`/sources/${sourceId}/tables/${schemaId}/versions` as Route)
}
