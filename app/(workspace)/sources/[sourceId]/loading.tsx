import { RowsSkeleton } from '@/components/shell/page-skeleton'

/** Under the header of the source, which stays: a tab that comes. */
export default function Loading() {
  return (
    <div aria-busy>
      <span role="status" className="sr-only">Loading</span>
      <div className="h-10" />
      <RowsSkeleton />
    </div>
  )
}
