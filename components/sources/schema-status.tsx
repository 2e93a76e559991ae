'use client'

import { Button } from '@/components/ui/button'
import { LinkedText } from '@/components/ui/linked-text'
import { StatusBadge } from '@/components/ui/status-badge'
import { RunProgress } from '@/components/syncs/run-progress'
import { runProgress } from '@/components/syncs/run-words'
import { useAction } from '@/components/syncs/use-action'
import { formatPercent } from '@/lib/core/format'
import type { SchemaView } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'
import { HeldStatus } from './held-status'
import { toProblemLine } from './problem-words'
import { ProofStatus } from './proof-status'
import { schemaLabels, schemaTones } from './source-words'

/** The status in a word; while it runs its progress; after a failure what failed, what to do, and another try; what waits for a decision. */
export function SchemaStatus({ schema }: { schema: SchemaView }) {
  const { activeRun: run, problem } = schema
  const isForbidden = schema.status === 'off' && problem?.code === 'permission'
  const isHeld = schema.held !== null && run === null
  // that it differs is told beside a failure and beside what waits, too: neither makes it right
  const showsProof = schema.proof !== null && (schema.status === 'up_to_date' || (schema.proof?.outcome === 'differs' && run === null && schema.enabled))
  const share = run?.status === 'running' ? runProgress(run) : null
  return (
    <div className="min-w-0 text-sm">
      {problem && schema.enabled ? (
        <Problem schema={schema} />
      ) : isHeld || showsProof ? null : (
        <StatusBadge tone={schemaTones[schema.status]} className="max-w-full text-sm">{isForbidden ? 'Permission missing' : schemaLabels[schema.status]}{share === null ? '' : ` ${formatPercent(share)}`}</StatusBadge>
      )}
      {showsProof && schema.proof ? <ProofStatus schema={schema} proof={schema.proof} /> : null}
      {isHeld && schema.held ? <HeldStatus schema={schema} held={schema.held} /> : null}
      {run?.status === 'running' ? <div className="mt-1"><RunProgress run={run} /></div> : null}
      {run?.error && !run.isCancelRequested ? <p className="mt-0.5 text-xs text-waiting">{toProblemLine(run.error)}</p> : null}
      {problem && !schema.enabled ? <p className="mt-0.5 text-xs [overflow-wrap:anywhere] text-muted-foreground"><LinkedText>{toProblemLine(isForbidden ? { ...problem, detail: undefined } : problem)}</LinkedText></p> : null}
    </div>
  )
}

function Problem({ schema }: { schema: SchemaView }) {
  const action = useAction()
  const { problem } = schema
  if (!problem) return null
  return (
    <>
      <StatusBadge tone="broken" className="max-w-full items-start whitespace-normal text-sm [&>svg]:mt-[3px] [&>span]:whitespace-normal [&>span]:[overflow-wrap:anywhere]">{problem.title}</StatusBadge>
      <p className="text-xs [overflow-wrap:anywhere] text-muted-foreground">
        {problem.detail ? <>{problem.detail}. </> : null}
        {problem.advice ? <span className="text-foreground"><LinkedText>{problem.advice}</LinkedText>. </span> : null}
        {schema.status === 'paused' ? 'The schedule rests until then. ' : null}
      </p>
      <Button variant="outline" size="sm" className="mt-1 h-6 text-xs" isBusy={action.isBusy} onClick={() => void action.run(() => startSyncAction({ schemaIds: [schema.id], isFull: false }))}>Retry</Button>
    </>
  )
}
