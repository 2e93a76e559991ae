import { notFound } from 'next/navigation'
import { cache } from 'react'
import { loadTable } from '@/lib/tables/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../../../or-not-found'

/** The table of this address, read once for the layout, its title and its page. */
export const tableOfPage = cache(async (sourceId: string, schemaId: string) => {
  const table = await orNotFound(loadTable(await requireWarehouseViewer(), schemaId))
  if (table.sourceId !== sourceId) notFound()
  return table
})
