import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { EmptyState } from '@/components/shell/empty-state'
import { Button } from '@/components/ui/button'

/** Something of the workspace that is not there, or belongs to another one. */
export default function NotFound() {
  return (
    <EmptyState isPage icon={<SearchX />} title="There is nothing at this address" actions={<Button asChild><Link href="/">Start page</Link></Button>}>
      It may have been deleted, or it belongs to another workspace.
    </EmptyState>
  )
}
