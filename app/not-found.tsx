import { SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { EmptyState } from '@/components/shell/empty-state'
import { LogoMark } from '@/components/shell/logo'
import { Button } from '@/components/ui/button'

export const metadata: Metadata = { title: 'Not found' }

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <>
      <header className="flex h-(--header-height) items-center border-b bg-background px-4 sm:px-6"><Link href="/" aria-label="Tributary, start page"><LogoMark /></Link></header>
      <main>
        <EmptyState isPage icon={<SearchX />} title="There is no page at this address" actions={<Button asChild><Link href="/">Start page</Link></Button>}>
          It may have been deleted, or the link has a typing mistake.
        </EmptyState>
      </main>
    </>
  )
}
