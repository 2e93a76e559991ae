'use client'

import { Ellipsis, Pencil, RefreshCw, SquareArrowOutUpRight, Trash2 } from 'lucide-react'
import type { Route } from 'next'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import type { SourceView } from '@/lib/sources/schema'
import { useSourceSync } from './use-source-sync'

const DeleteSourceDialog = dynamic(() => import('./delete-source-dialog').then((module) => module.DeleteSourceDialog), { ssr: false })

/** What can be done with a source. `onDeleted` is for the page of the source itself. */
export function SourceMenu({ source, onDeleted, withOpen = true }: { source: SourceView; onDeleted?(): void; withOpen?: boolean }) {
  const [isDeleting, setDeleting] = useState(false)
  const sync = useSourceSync(source)
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant={withOpen ? 'ghost' : 'outline'} size={withOpen ? 'icon-sm' : 'icon'} aria-label={`Menu of ${source.name}`} className="text-muted-foreground"><Ellipsis aria-hidden /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" className="w-44">
          <DropdownMenuItem disabled={sync.isBusy || source.enabledSchemas === 0} onSelect={() => void sync.start()} title="Sync every enabled schema now"><RefreshCw aria-hidden />Reload</DropdownMenuItem>
          {withOpen ? <DropdownMenuItem asChild><Link href={`/sources/${source.id}` as Route}><SquareArrowOutUpRight aria-hidden />Open</Link></DropdownMenuItem> : null}
          <DropdownMenuItem asChild><Link href={`/sources/${source.id}/configuration` as Route}><Pencil aria-hidden />Edit</Link></DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem variant="destructive" onSelect={() => setDeleting(true)}><Trash2 aria-hidden />Delete…</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {isDeleting ? <DeleteSourceDialog source={source} onClose={() => setDeleting(false)} onDeleted={onDeleted} /> : null}
    </>
  )
}
