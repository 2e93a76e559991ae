'use client'

import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/components/shell/error-state'
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { FidelityVerdict } from '@/components/syncs/fidelity-verdict'
import { failureView, getJson } from '@/components/syncs/get-json'
import type { ColumnFidelity } from '@/lib/sources/fidelity-schema'
import type { SchemaView } from '@/lib/sources/schema'

/** The fidelity report of a table: what each column is upstream, what it is here, and why. */
export function ColumnsReportDialog({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const read = (address: string) => ({ queryFn: ({ signal }: { signal: AbortSignal }) => getJson<ColumnFidelity[]>(address, signal), gcTime: 0, retry: false, refetchOnWindowFocus: false })
  const columns = useQuery({ queryKey: ['columns', schema.id], ...read(`/api/status/schemas/${schema.id}/columns`) })
  const measured = useQuery({ queryKey: ['columns', schema.id, 'measured'], ...read(`/api/status/schemas/${schema.id}/columns?measured=1`), enabled: columns.isSuccess })
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] overflow-hidden sm:max-w-3xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Columns of {schema.name}</DialogTitle>
          <DialogDescription>What each column is at the source, what it is in the warehouse, and why.</DialogDescription>
        </DialogHeader>
        {columns.data ? (
          <div className="grid gap-2 overflow-hidden">
            <ColumnList columns={measured.data ?? columns.data} label={`Columns of ${schema.name}`} />
            {measured.isError ? <p className="text-xs text-waiting">What the first rows hold could not be looked at: {failureView(measured.error).title}.</p> : null}
          </div>
        ) : columns.isError ? <ErrorState error={failureView(columns.error)} /> : <div aria-busy="true" aria-label="Loading the columns"><Skeleton className="h-64" /></div>}
      </DialogContent>
    </Dialog>
  )
}

function ColumnList({ columns, label }: { columns: ColumnFidelity[]; label: string }) {
  if (!columns.length) return <p className="text-sm text-muted-foreground">Its columns are known once it was read.</p>
  return (
    // a list that scrolls must be reachable by keyboard
    <ul aria-label={label} tabIndex={0} className="overflow-y-auto rounded-md border">
      {columns.map((column) => (
        <li key={`${column.name} ${column.column}`} className="grid gap-x-3 gap-y-0.5 border-b px-3 py-1.5 text-sm last:border-b-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_4.5rem]">
          <span className="min-w-0 font-mono text-xs leading-5 font-medium [overflow-wrap:anywhere]">{column.name}{column.column === null || column.column === column.name ? null : <span className="font-normal text-muted-foreground"> as {column.column}</span>}</span>
          <span className="min-w-0 font-mono text-xs leading-5 [overflow-wrap:anywhere] text-muted-foreground">{column.sourceType} <span aria-label="becomes">→</span> <span className="text-foreground">{column.type}</span></span>
          <span><FidelityVerdict verdict={column.verdict} /></span>
          <p className="text-xs [overflow-wrap:anywhere] text-muted-foreground sm:col-span-3">{[column.reason, column.measured].filter(Boolean).join('. ')}.{column.change ? <span className="text-waiting"> {column.change}.</span> : null}{column.since ? <span className="text-foreground"> {column.since.words}, <RelativeTime time={column.since.at} />.</span> : null}</p>
        </li>
      ))}
    </ul>
  )
}
