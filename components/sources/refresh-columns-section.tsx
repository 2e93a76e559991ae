'use client'

import { useQueryClient } from '@tanstack/react-query'
import { refreshColumns } from '@/components/files-table/refresh-columns'
import { Button } from '@/components/ui/button'
import { useAction } from '@/components/syncs/use-action'
import type { SourceView } from '@/lib/sources/schema'

/** Look at the files of every table again: which columns came, which are gone. */
export function RefreshColumnsSection({ source }: { source: Pick<SourceView, 'id' | 'totalSchemas'> }) {
  const client = useQueryClient()
  const action = useAction()
  return (
    <section className="border-t pt-6">
      <h2 className="font-semibold">Columns of its tables</h2>
      <p className="mt-1 text-muted-foreground">Look at the files again for columns that came and types that changed. A sync does so by itself; this shows it at once.</p>
      <Button variant="outline" className="mt-3" isBusy={action.isBusy} disabled={source.totalSchemas === 0} onClick={() => void refreshColumns(client, action.run, source.id, { sourceId: source.id })}>Refresh columns</Button>
    </section>
  )
}
