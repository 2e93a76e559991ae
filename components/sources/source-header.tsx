'use client'

import { Plus, RefreshCw } from 'lucide-react'
import type { Route } from 'next'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { PageHeader } from '@/components/shell/page-header'
import { TabLinks } from '@/components/shell/tab-links'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { everyWords } from '@/components/syncs/frequency-labels'
import { Pace } from '@/components/syncs/pace'
import { paceOf } from '@/components/syncs/run-words'
import { useLiveStatus } from '@/components/syncs/use-live-status'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { FilesForm, SourceView } from '@/lib/sources/schema'
import { SourceMenu } from './source-menu'
import { connectorWords, sourceStatusWords, sourceTones } from './source-words'
import { useSource } from './use-source'
import { useSourceSync } from './use-source-sync'

const AddTableDialog = dynamic(() => import('@/components/files-table/add-table-dialog').then((module) => module.AddTableDialog), { ssr: false })

const sources = '/sources' as Route

/** The name of a source, how it is, and its tabs. */
export function SourceHeader({ sourceId }: { sourceId: string }) {
  useLiveStatus()
  const source = useSource(sourceId)
  const router = useRouter()
  if (!source) return null
  return (
    <PageHeader
      breadcrumb={[{ label: 'Sources', href: sources }]}
      title={<span className="flex min-w-0 items-center gap-2.5"><ConnectorIcon connector={source.connector} label={source.connectorLabel} size="sm" /><span className="truncate" title={source.name}>{source.name}</span></span>}
      description={<SourceLine source={source} />}
      actions={
        <>
          {source.files ? <AddTableButton source={source} form={source.files} /> : null}
          <SyncButton source={source} />
          <SourceMenu source={source} withOpen={false} onDeleted={() => router.push(sources)} />
        </>
      }
      tabs={<TabLinks label={source.name} links={[
        { label: 'Schemas', href: `/sources/${sourceId}` as Route, isExact: true },
        { label: 'Runs', href: `/sources/${sourceId}/runs` as Route },
        { label: 'Configuration', href: `/sources/${sourceId}/configuration` as Route },
      ]} />}
    />
  )
}

function AddTableButton({ source, form }: { source: SourceView; form: FilesForm }) {
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <Button variant="outline" onClick={() => setAdding(true)}><Plus aria-hidden />Add table</Button>
      {isAdding ? <AddTableDialog source={source} form={form} onClose={() => setAdding(false)} /> : null}
    </>
  )
}

function SyncButton({ source }: { source: SourceView }) {
  const sync = useSourceSync(source)
  return <Button isBusy={sync.isBusy} disabled={source.enabledSchemas === 0} onClick={() => void sync.start()}><RefreshCw aria-hidden />Sync now</Button>
}

function SourceLine({ source }: { source: SourceView }) {
  const pace = paceOf(source.activeRuns)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm lg:w-max">
      <StatusBadge tone={sourceTones[source.status]}>{sourceStatusWords(source)}</StatusBadge>
      <span>{connectorWords(source)}</span>
      <span className="tabular">{formatCount(source.enabledSchemas)} of {formatQuantity(source.totalSchemas, 'table')}</span>
      <span className="tabular">{formatQuantity(source.rows, 'row')}</span>
      {source.frequency ? <span>{everyWords(source.frequency)}</span> : null}
      <span>Last synced <RelativeTime time={source.lastSyncedAt} /></span>
      {/* last, so that nothing moves as it comes and goes */}
      {pace === null ? null : <Pace pace={pace} />}
    </div>
  )
}
