import type { ReactNode } from 'react'
import { Skeleton } from '@/components/ui/skeleton'
import { PageBody } from './page-body'

const WIDTHS = ['w-40', 'w-56', 'w-32', 'w-48', 'w-44', 'w-52', 'w-36', 'w-48']

/** A page that comes: its header and rows of 36 px, in the size of what replaces them. */
export function PageSkeleton({ tabs = 0, rows = WIDTHS.length, children }: { tabs?: number; rows?: number; children?: ReactNode }) {
  return (
    <div aria-busy>
      <span role="status" className="sr-only">Loading</span>
      <div className="border-b">
        <div className={tabs ? 'page-width pt-4' : 'page-width py-4'}>
          <div className="flex h-8 items-center"><Skeleton className="h-5 w-44" /></div>
          {tabs ? <div className="mt-2 flex h-9 items-center gap-4">{WIDTHS.slice(0, tabs).map((width) => <Skeleton key={width} className="h-4 w-14" />)}</div> : null}
        </div>
      </div>
      {children ?? <PageBody><RowsSkeleton rows={rows} /></PageBody>}
    </div>
  )
}

/** Rows of a table that comes. */
export function RowsSkeleton({ rows = WIDTHS.length }: { rows?: number }) {
  return (
    <div>
      <div className="h-8 border-b" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-8 border-b px-3 last:border-b-0">
          <Skeleton className={`h-4 ${WIDTHS[row % WIDTHS.length]}`} />
          <Skeleton className="h-4 w-20 max-sm:hidden" />
          <Skeleton className="ml-auto h-4 w-16" />
        </div>
      ))}
    </div>
  )
}
