import { cn } from '@/components/ui/cn'
import { StatusIcon } from '@/components/ui/status-badge'
import { heldWords } from '@/lib/syncs/held-schema'
import type { RunView } from '@/lib/syncs/schema'
import { HeldButtons } from './held-buttons'
import { HeldFigures } from './held-figures'

type Held = NonNullable<NonNullable<RunView['report']>['held']>

/** What a run brought that was not published by itself, and the decision, made or to be made. */
export function RunHeld({ run, held }: { run: RunView; held: Held }) {
  return (
    <section aria-label="Waiting for a decision" className={cn('mt-4 rounded-md border p-3', run.isHeld ? 'border-waiting/30 bg-waiting/5' : 'bg-subtle')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex items-start gap-2"><StatusIcon tone={run.isHeld ? 'waiting' : 'none'} className="mt-1" /><span><span className="font-medium">{heldWords(held)}.</span> {stateWords(run, held)}</span></p>
        {run.isHeld ? <div className="flex gap-1.5"><HeldButtons held={[{ schemaId: run.schemaId, runId: run.id }]} sourceId={run.sourceId} name={run.tableName} /></div> : null}
      </div>
      <HeldFigures held={held} />
    </section>
  )
}

function stateWords(run: RunView, { decision }: Held): string {
  if (run.isHeld) return 'It is not published: the table stays as it was, and its schedule rests until you decide.'
  if (decision === 'published') return 'It waited for a decision, and was published.'
  return decision === 'discarded' ? 'It waited for a decision, and was discarded.' : 'It waited for a decision until a later sync took its place.'
}
