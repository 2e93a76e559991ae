'use client'

import { Columns3, Pencil, RefreshCw, SquareArrowOutUpRight, Trash2 } from 'lucide-react'
import { useQueryClient } from '@tanstack/react-query'
import type { Route } from 'next'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { DropdownMenuItem, DropdownMenuSeparator } from '@/components/ui/dropdown-menu'
import { useAction } from '@/components/syncs/use-action'
import type { SourceView } from '@/lib/sources/schema'
import { RowMenu } from './row-menu'
import { useSourceSync } from './use-source-sync'

const DeleteSourceDialog = dynamic(() => import('./delete-source-dialog').then((module) => module.DeleteSourceDialog), { ssr: false })

/** What can be done with a source. `onDeleted` is for the page of the source itself. */
export function SourceMenu({ source, onDeleted, withOpen = true }: { source: SourceView; onDeleted?(): void; withOpen?: boolean }) {
  const [isDeleting, setDeleting] = useState(false)
  const sync = useSourceSync(source)
  const client = useQueryClient()
  const action = useAction()
  const refresh = async () => (await import('@/components/files-table/refresh-columns')).refreshColumns(client, action.run, source.id, { sourceId: source.id })
  return (
    <>
      <RowMenu label={`Menu of ${source.name}`} variant={withOpen ? 'ghost' : 'outline'} size={withOpen ? 'icon-sm' : 'icon'}>
        <DropdownMenuItem disabled={sync.isBusy || source.enabledSchemas === 0} onSelect={() => void sync.start()} title="Sync every enabled schema now"><RefreshCw aria-hidden />Reload</DropdownMenuItem>
        {source.files && source.totalSchemas ? <DropdownMenuItem disabled={action.isBusy} onSelect={() => void refresh()}><Columns3 aria-hidden />Refresh columns</DropdownMenuItem> : null}
        {withOpen ? <DropdownMenuItem asChild><Link href={`/sources/${source.id}` as Route}><SquareArrowOutUpRight aria-hidden />Open</Link></DropdownMenuItem> : null}
        <DropdownMenuItem asChild><Link href={`/sources/${source.id}/configuration` as Route}><Pencil aria-hidden />Edit</Link></DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem variant="destructive" onSelect={() => setDeleting(true)}><Trash2 aria-hidden />Delete…</DropdownMenuItem>
      </RowMenu>
      {isDeleting ? <DeleteSourceDialog source={source} onClose={() => setDeleting(false)} onDeleted={onDeleted} /> : null}
    </>
  )
}
