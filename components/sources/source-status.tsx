import { StatusBadge } from '@/components/ui/status-badge'
import { Pace } from '@/components/syncs/pace'
import { RunProgress } from '@/components/syncs/run-progress'
import { paceOf } from '@/components/syncs/run-words'
import { toProblemLine } from './problem-words'
import { sourceStatusWords, sourceTones } from './source-words'
import type { SourceView } from '@/lib/sources/schema'

/** Two lines: the status in a word, and what goes on or what failed. */
export function SourceStatus({ source }: { source: SourceView }) {
  const run = source.activeRuns[0]
  const pace = paceOf(source.activeRuns)
  const more = source.runningSchemas + source.queuedSchemas - 1
  return (
    <div className="min-w-0">
      <div className="flex min-w-0 items-center justify-between gap-2">
        <StatusBadge tone={source.status === 'syncing' && source.runningSchemas === 0 ? 'waiting' : sourceTones[source.status]} className="shrink-0">{sourceStatusWords(source)}</StatusBadge>
        {pace === null ? null : <Pace pace={pace} className="text-xs max-sm:hidden" />}
        {source.status === 'syncing' && more > 0 ? <More count={more} isShort={pace !== null} /> : null}
      </div>
      {source.status === 'syncing' && run ? (
        <div className="mt-0.5"><RunProgress run={run} progress={source.progress} withName /></div>
      ) : source.problem && source.failedSchemas + source.differingSchemas > 0 ? (
        <p className="mt-1 line-clamp-2 text-xs text-foreground" title={toProblemLine(source.problem)}>
          {source.problemSchema && source.totalSchemas > 1 ? <span className="text-muted-foreground">{source.problemSchema}: </span> : null}
          {toProblemLine(source.problem)}
        </p>
      ) : (
        <div className="mt-0.5 h-[22px] max-md:hidden" />
      )}
    </div>
  )
}

/** How many schemas are on their way beside the one that is shown; in short where the pace needs the room. */
function More({ count, isShort }: { count: number; isShort: boolean }) {
  return (
    <span className="shrink-0 text-xs text-muted-foreground tabular" title={`and ${count} more`}>
      {isShort ? <><span aria-hidden>+{count}</span><span className="sr-only">and {count} more</span></> : <>and {count} more</>}
    </span>
  )
}
