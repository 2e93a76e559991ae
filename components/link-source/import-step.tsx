'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useMemo } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { failureView, getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { useLiveStatus } from '@/components/syncs/use-live-status'
import { buttonVariants } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatQuantity } from '@/lib/core/format'
import type { SchemaView, SourceView } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'
import { queryHref } from './import-href'
import { ImportRows } from './import-rows'
import { ImportTotal } from './import-total'
import { importState, importTotals } from './import-totals'
import { useForgetDraft } from './link-drafts'
import { StepHeading, WizardFrame } from './wizard-frame'

const POLL_MS = 3_000

interface ImportStepProps {
  source: Pick<SourceView, 'id' | 'name' | 'connector' | 'files'>
  /** As they were when the page was made. */
  schemas: SchemaView[]
}

/** The first import, live, a bar per table. Nothing depends on this page staying open. */
export function ImportStep({ source, schemas: initial }: ImportStepProps) {
  useForgetDraft(source.connector)
  useLiveStatus()
  const isActive = (schemas: SchemaView[]) => schemas.some((schema) => schema.enabled && ['running', 'waiting'].includes(importState(schema)))
  const query = useQuery({
    queryKey: statusKeys.schemas(source.id),
    queryFn: ({ signal }) => getJson<SchemaView[]>(`/api/status/sources/${source.id}/schemas`, signal),
    initialData: initial,
    // The stream tells at once; asking as well means that what happened before it was open is not missed.
    refetchInterval: (state) => (isActive(state.state.data ?? []) ? POLL_MS : false),
  })
  const schemas = useMemo(() => query.data.filter((schema) => schema.enabled), [query.data])
  const totals = useMemo(() => importTotals(schemas), [schemas])
  const action = useAction()
  const largest = schemas.filter((schema) => importState(schema) === 'ready').sort((a, b) => b.rows - a.rows)[0]
  const isDone = totals.ready + totals.failed === totals.tables

  return (
    <WizardFrame current="import" reachable={isDone ? ['choose'] : []} onGo={() => undefined} hasTables={!source.files} isFinished={isDone}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
          <StepHeading title={heading(source.name, isDone, totals)} className="mb-0">
            {isDone ? 'From now on it is kept fresh by itself.' : 'You can leave this page: the import goes on.'}
          </StepHeading>
          <Exits source={source} query={isDone ? largest : undefined} />
        </div>
        {query.isError ? <ErrorState error={failureView(query.error)} /> : null}
        {totals.tables ? <ImportTotal totals={totals} isDone={isDone} /> : <p className="text-muted-foreground">No table is switched on. Switch some on at the source.</p>}
        {totals.tables ? <ImportRows schemas={schemas} isBusy={action.isBusy} onRetry={(schema) => void action.run(() => startSyncAction({ schemaIds: [schema.id], isFull: false }))} /> : null}
      </div>
    </WizardFrame>
  )
}

/** Where to go from here; once everything is there, first of all to a query. */
function Exits({ source, query }: { source: ImportStepProps['source']; query: SchemaView | undefined }) {
  return (
    <nav aria-label="From here" className="flex min-w-0 flex-wrap gap-2">
      <Link href="/sources" className={buttonVariants({ variant: 'outline' })}>All sources</Link>
      <Link href={`/sources/${source.id}`} className={cn(buttonVariants({ variant: query ? 'outline' : 'default' }), 'min-w-0')}>
        <span className="truncate">Go to the source</span>
      </Link>
      {query ? (
        <Link href={queryHref(query.tableName)} className={cn(buttonVariants(), 'min-w-0 max-w-80')}>
          <span className="truncate">Query {query.tableName}</span>
        </Link>
      ) : null}
    </nav>
  )
}

function heading(name: string, isDone: boolean, { ready, failed, tables }: ReturnType<typeof importTotals>): string {
  if (!tables) return `${name} is linked`
  if (!isDone) return `Importing ${name}`
  if (!failed) return `${name} is in the warehouse`
  return ready ? `${formatQuantity(ready, 'table')} of ${name} arrived, ${failed} did not` : `${name} could not be imported`
}
