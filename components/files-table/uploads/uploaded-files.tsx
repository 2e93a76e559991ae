'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FileText, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { failureView, getJson } from '@/components/syncs/get-json'
import { formatBytes, formatQuantity } from '@/lib/core/format'
import type { SourceUploads } from '@/lib/sources/upload-schema'
import { AddUploads } from './add-uploads'
import { RemoveUploadDialog } from './remove-upload-dialog'

export const uploadsKey = (sourceId: string) => ['uploads', sourceId] as const

/** The files of a source that people uploaded, and the way to add and to remove some. */
export function UploadedFiles({ sourceId }: { sourceId: string }) {
  const query = useQuery({ queryKey: uploadsKey(sourceId), queryFn: ({ signal }) => getJson<SourceUploads>(`/api/files/upload?sourceId=${encodeURIComponent(sourceId)}`, signal) })
  return (
    <section aria-labelledby="uploaded-files" className="mt-8 border-t pt-5">
      <h2 id="uploaded-files" className="font-semibold">Files</h2>
      {query.data ? <Loaded sourceId={sourceId} uploads={query.data} /> : query.isError ? (
        <ErrorState className="mt-3" error={failureView(query.error)} actions={<Button variant="outline" size="sm" onClick={() => void query.refetch()}>Try again</Button>} />
      ) : <div aria-busy="true" aria-label="Loading the files" className="mt-3 grid gap-2"><Skeleton className="h-9" /><Skeleton className="h-9" /></div>}
    </section>
  )
}

function Loaded({ sourceId, uploads }: { sourceId: string; uploads: SourceUploads }) {
  const client = useQueryClient()
  const [removing, setRemoving] = useState<SourceUploads['files'][number] | null>(null)
  const { files } = uploads
  const reload = () => void client.invalidateQueries({ queryKey: uploadsKey(sourceId) })
  return (
    <div className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="text-sm text-muted-foreground tabular">{files.length ? `${formatQuantity(files.length, 'file')} · ${formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}` : 'No file is here. Add one, and its table is filled.'}</p>
      {files.length ? (
        <ul aria-label="Uploaded files" className="divide-y divide-border rounded-md border border-border">
          {files.map((file) => (
            <li key={file.id} className="flex h-10 min-w-0 items-center gap-3 pr-1.5 pl-3">
              <FileText aria-hidden className="size-4 shrink-0 text-muted-foreground" />
              <span className="min-w-0 flex-1 truncate" title={file.name}>{file.name}</span>
              <span className="max-w-[35%] shrink-0 truncate text-sm text-muted-foreground max-sm:hidden">{file.tables.length ? file.tables.join(', ') : 'in no table'}</span>
              <span className="w-18 shrink-0 text-right text-sm text-muted-foreground tabular">{formatBytes(file.bytes)}</span>
              <span className="w-24 shrink-0 text-right text-sm text-muted-foreground tabular max-sm:hidden"><RelativeTime time={file.uploadedAt} /></span>
              <Button variant="ghost" size="icon-sm" className="text-muted-foreground" aria-label={`Remove ${file.name}`} title="Remove" onClick={() => setRemoving(file)}><Trash2 aria-hidden /></Button>
            </li>
          ))}
        </ul>
      ) : null}
      <AddUploads uploads={uploads} onChanged={reload} />
      {removing ? <RemoveUploadDialog sourceId={sourceId} file={removing} onRemoved={reload} onClose={() => setRemoving(null)} /> : null}
    </div>
  )
}
