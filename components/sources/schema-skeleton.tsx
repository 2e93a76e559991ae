import { Skeleton } from '@/components/ui/skeleton'
import type { SourceView } from '@/lib/sources/schema'

/** Above this only the rows in view are drawn. */
export const DRAW_ALL_UP_TO = 60
const SKELETON_ROWS = 12
const ROW_PX = 37
const RUN_LINES_PX = 26
const ERROR_LINES_PX = 94
const HELD_LINES_PX = 94
const DIFFERENCE_LINES_PX = 78
const PROOF_LINE_PX = 16

/** As high as what comes: a row that runs has two lines more, one that failed has its error in words, one that waits what waits, one that differs how it does, and each that was compared when that was. */
export function SchemaSkeleton({ source }: { source: Pick<SourceView, 'totalSchemas' | 'failedSchemas' | 'heldSchemas' | 'differingSchemas' | 'comparedSchemas' | 'runningSchemas'> }) {
  const isVirtual = source.totalSchemas > DRAW_ALL_UP_TO
  const height = source.totalSchemas * ROW_PX + source.runningSchemas * RUN_LINES_PX + source.failedSchemas * ERROR_LINES_PX + source.heldSchemas * HELD_LINES_PX + source.differingSchemas * DIFFERENCE_LINES_PX + (source.comparedSchemas - source.differingSchemas) * PROOF_LINE_PX
  return (
    <div aria-busy="true">
      <span role="status" className="sr-only">Loading schemas</span>
      <div className="h-10 border-b" />
      <div className="h-8 border-b" />
      <div className="overflow-hidden" style={{ height: isVirtual ? '70dvh' : height }}><SkeletonRows count={Math.min(source.totalSchemas, SKELETON_ROWS)} /></div>
    </div>
  )
}

export function SkeletonRows({ count = SKELETON_ROWS }: { count?: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, place) => (
        <div key={place} className="flex h-9 items-center gap-4 border-b px-2 last:border-b-0"><Skeleton className="h-3.5 w-40" /><Skeleton className="h-4 w-7" /><Skeleton className="h-3.5 flex-1" /></div>
      ))}
    </div>
  )
}
