'use client'

import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { AlertDialog, AlertDialogAction, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { toast } from '@/components/ui/toaster'
import { formatDuration, formatQuantity } from '@/lib/core/format'
import { clearHistoryAction, deleteSavedQueryAction } from '@/lib/sql-editor/actions'
import type { QueryRunView, SavedQueryView } from '@/lib/sql-editor/schema'

const itemClasses = 'min-w-0 flex-1 rounded-sm px-2 py-1.5 text-left hover:bg-accent focus-visible:-outline-offset-2'

/** The workspace's saved queries; a click opens one. */
export function SavedQueries({ queries, onOpen }: { queries: SavedQueryView[]; onOpen(query: SavedQueryView): void }) {
  const [deleting, setDeleting] = useState<SavedQueryView | null>(null)
  const client = useQueryClient()
  const remove = async (query: SavedQueryView): Promise<void> => {
    const result = await deleteSavedQueryAction({ id: query.id })
    if (!result.ok) toast.error(result.error.title)
    await client.invalidateQueries({ queryKey: ['sql-queries'] })
  }
  if (queries.length === 0) return <p className="px-3 py-6 text-center text-sm text-muted-foreground">A query that you save is listed here, for everybody in this workspace</p>
  return (
    <>
      <ul className="min-h-0 flex-1 overflow-auto p-1">
        {queries.map((query) => (
          <li key={query.id} className="group flex items-center">
            <button type="button" className={itemClasses} onClick={() => onOpen(query)}>
              <span className="block truncate text-sm" title={query.name}>{query.name}</span>
              <span className="block truncate text-xs text-muted-foreground">{query.savedBy} · <RelativeTime time={query.updatedAt} /></span>
            </button>
            <Button variant="ghost" size="icon-sm" className="shrink-0 text-muted-foreground sm:opacity-0 sm:group-focus-within:opacity-100 sm:group-hover:opacity-100" aria-label={`Delete ${query.name}`} onClick={() => setDeleting(query)}>
              <Trash2 aria-hidden className="size-3.5" />
            </Button>
          </li>
        ))}
      </ul>
      <AlertDialog open={deleting !== null} onOpenChange={(isOpen) => (isOpen ? undefined : setDeleting(null))}>
        <AlertDialogContent>
          <AlertDialogHeader>
            <AlertDialogTitle>Delete {deleting?.name}?</AlertDialogTitle>
            <AlertDialogDescription>The saved query is removed for everybody in this workspace. No table is touched.</AlertDialogDescription>
          </AlertDialogHeader>
          <AlertDialogFooter>
            <AlertDialogCancel>Keep it</AlertDialogCancel>
            <AlertDialogAction variant="destructive" onClick={() => (deleting ? void remove(deleting) : undefined)}>Delete saved query</AlertDialogAction>
          </AlertDialogFooter>
        </AlertDialogContent>
      </AlertDialog>
    </>
  )
}

/** What the viewer ran, newest first; a click brings it back. */
export function QueryHistory({ runs, onOpen }: { runs: QueryRunView[]; onOpen(run: QueryRunView): void }) {
  const client = useQueryClient()
  const clear = async (): Promise<void> => {
    const result = await clearHistoryAction({})
    if (!result.ok) toast.error(result.error.title)
    await client.invalidateQueries({ queryKey: ['sql-queries'] })
  }
  if (runs.length === 0) return <p className="px-3 py-6 text-center text-sm text-muted-foreground">What you run is remembered here, for you alone</p>
  return (
    <>
      <ul className="min-h-0 flex-1 overflow-auto p-1">
        {runs.map((run) => (
          <li key={run.id} className="flex">
            <button type="button" className={itemClasses} onClick={() => onOpen(run)} title={run.sql.slice(0, 1_000)}>
              <span className="block truncate font-mono text-xs">{run.sql.replace(/\s+/g, ' ').trim().slice(0, 200)}</span>
              <span className="flex items-center gap-1 truncate text-xs text-muted-foreground">
                {run.error ? <><CircleAlert aria-hidden className="size-3 shrink-0 text-broken" /><span className="truncate text-broken">{run.error}</span></> : <>{formatQuantity(run.rows ?? 0, 'row')} · {formatDuration(run.durationMs)}{run.asOf ? ' · as of then' : ''}</>}
                <span className="ml-auto shrink-0 pl-2"><RelativeTime time={run.startedAt} /></span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="border-t p-1">
        <Button variant="ghost" size="sm" className="w-full text-muted-foreground" onClick={() => void clear()}>Clear history</Button>
      </div>
    </>
  )
}
