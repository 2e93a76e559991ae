'use client'

import { Clock } from 'lucide-react'
import { HeldButtons } from '@/components/syncs/held-buttons'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { SchemaView } from '@/lib/sources/schema'

/** Where several tables of a source wait, one decision for all of them: a source that was emptied is one event. */
export function HeldNotice({ schemas }: { schemas: SchemaView[] }) {
  const waiting = schemas.filter((schema) => schema.held !== null && schema.activeRun === null)
  const [first] = waiting
  if (waiting.length < 2 || !first) return null
  const emptied = waiting.filter((schema) => schema.held?.reason === 'emptied').length
  return (
    <section aria-label="Tables that wait for you" className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-waiting/30 bg-waiting/5 px-3 py-2 text-sm">
      <Clock aria-hidden className="size-4 shrink-0 text-waiting" />
      <p className="min-w-60 flex-1">
        <span className="font-medium">{formatQuantity(waiting.length, 'table')} wait for you.</span> {words(emptied, waiting.length)} They stay as they were, and their schedules rest until you decide.
      </p>
      <div className="flex flex-wrap gap-1.5"><HeldButtons held={waiting.flatMap(({ id, held }) => (held ? [{ schemaId: id, runId: held.runId }] : []))} sourceId={first.sourceId} name={formatQuantity(waiting.length, 'table')} count={waiting.length} /></div>
    </section>
  )
}

function words(emptied: number, all: number): string {
  if (emptied === all) return all === 2 ? 'Both would be empty.' : 'All of them would be empty.'
  return emptied ? `${formatCount(emptied)} would be empty; the ${all - emptied === 1 ? 'other' : 'others'} would lose or change more of their rows than is set.` : 'They would lose or change more of their rows than is set.'
}
