'use client'

import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { failureView, getJson } from '@/components/syncs/get-json'
import { HeldButtons } from '@/components/syncs/held-buttons'
import { HeldFigures } from '@/components/syncs/held-figures'
import type { HeldSample } from '@/lib/core/held-difference'
import type { HeldView, SchemaView } from '@/lib/sources/schema'
import { heldWords } from '@/lib/syncs/held-schema'
import { HeldRows } from './held-rows'

/** The difference between a table and the version that waits, in numbers and some rows. */
export function HeldDialog({ schema, held, onClose }: { schema: SchemaView; held: HeldView; onClose(): void }) {
  const sample = useQuery({
    queryKey: ['held-sample', schema.id, held.runId],
    queryFn: ({ signal }) => getJson<HeldSample | null>(`/api/status/schemas/${schema.id}/held`, signal),
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-cols-[minmax(0,1fr)] sm:max-w-3xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">What waits for {schema.tableName}</DialogTitle>
          <DialogDescription>{heldWords(held)}. It was read <RelativeTime time={held.at} />; the table is version {schema.version} until you decide.</DialogDescription>
        </DialogHeader>
        <HeldFigures held={held} />
        {sample.data ? <HeldRows sample={sample.data} /> : sample.isError ? <ErrorState error={failureView(sample.error)} /> : sample.isPending ? <Skeleton className="h-32" /> : null}
        <p className="text-sm text-muted-foreground">Discarding keeps the table, and the next sync reads again. Syncing now brings a fresh version in place of this one.</p>
        <DialogFooter>
          <Button variant="ghost" size="sm" onClick={onClose}>Decide later</Button>
          <HeldButtons held={[{ schemaId: schema.id, runId: held.runId }]} sourceId={schema.sourceId} name={schema.tableName} onDone={onClose} />
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
