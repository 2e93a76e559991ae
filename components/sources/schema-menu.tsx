'use client'

import { Columns3, GitCommitVertical, GitCompareArrows, History, RefreshCw, RotateCcw, Settings2, ShieldCheck, Square, TableProperties, Trash2, X } from 'lucide-react'
import type { Route } from 'next'
import { useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { DropdownMenuItem, DropdownMenuSeparator } from '@/components/ui/dropdown-menu'
import { useAction } from '@/components/syncs/use-action'
import type { SchemaView } from '@/lib/sources/schema'
import { cancelSyncAction, startSyncAction } from '@/lib/syncs/actions'
import { knownSource } from './known-source'
import { RowMenu } from './row-menu'
import { useSchemaChange } from './use-schema-change'

const DeleteDataDialog = dynamic(() => import('./delete-data-dialog').then((module) => module.DeleteDataDialog), { ssr: false })
const FullResyncDialog = dynamic(() => import('./full-resync-dialog').then((module) => module.FullResyncDialog), { ssr: false })
const ColumnsReportDialog = dynamic(() => import('./columns-report-dialog').then((module) => module.ColumnsReportDialog), { ssr: false })
const SchemaSettingsDialog = dynamic(() => import('./schema-settings-dialog').then((module) => module.SchemaSettingsDialog), { ssr: false })

const TableSettingsDialog = dynamic(() => import('@/components/files-table/table-settings-dialog').then((module) => module.TableSettingsDialog), { ssr: false })
const RemoveTableDialog = dynamic(() => import('@/components/files-table/remove-table-dialog').then((module) => module.RemoveTableDialog), { ssr: false })

/** What can be done with one schema. */
export function SchemaMenu({ schema }: { schema: SchemaView }) {
  const [dialog, setDialog] = useState<'settings' | 'columns' | 'resync' | 'delete' | 'remove' | null>(null)
  const client = useQueryClient()
  const action = useAction()
  const run = schema.activeRun
  const sync = () => void action.run(() => startSyncAction({ schemaIds: [schema.id], isFull: false }))
  const { isBusy, change } = useSchemaChange(schema.sourceId)
  const isFiles = schema.kind === 'files'
  const isReconcilable = schema.canReconcile && schema.tracking === null && schema.method === 'incremental'
  // the worksheets of a spreadsheet are its own: nobody adds or removes one here
  const isMade = isFiles && knownSource(client, schema.sourceId)?.files !== null
  const refresh = async () => (await import('@/components/files-table/refresh-columns')).refreshColumns(client, action.run, schema.sourceId, { schemaIds: [schema.id] })
  return (
    <>
      <RowMenu label={`Menu of ${schema.name}`}>
        {run ? (
          <DropdownMenuItem disabled={run.isCancelRequested || action.isBusy} onSelect={() => void action.run(() => cancelSyncAction({ runId: run.id }))}><Square aria-hidden />{run.isCancelRequested ? 'Cancelling' : 'Cancel'}</DropdownMenuItem>
        ) : (
          <DropdownMenuItem disabled={action.isBusy} onSelect={sync}><RefreshCw aria-hidden />Sync now</DropdownMenuItem>
        )}
        <DropdownMenuItem disabled={run !== null || action.isBusy} onSelect={() => setDialog('resync')}><RotateCcw aria-hidden />Full resync…</DropdownMenuItem>
        {isMade ? <DropdownMenuItem disabled={action.isBusy} onSelect={() => void refresh()}><Columns3 aria-hidden />Refresh columns</DropdownMenuItem> : null}
        {schema.canProve && schema.version !== null ? <DropdownMenuItem disabled={run !== null || action.isBusy} onSelect={() => void action.run(() => startSyncAction({ schemaIds: [schema.id], isVerify: true }))}><ShieldCheck aria-hidden />Verify now</DropdownMenuItem> : null}
        {isReconcilable ? <DropdownMenuItem disabled={isBusy} onSelect={() => void change([schema.id], { reconcileFrequency: schema.reconcileFrequency === null ? 'day' : null })}><GitCompareArrows aria-hidden />{schema.reconcileFrequency === null ? 'Reconcile daily' : 'Stop reconciling'}</DropdownMenuItem> : null}
        <DropdownMenuItem asChild><Link href={`/sources/${schema.sourceId}/runs?schemaId=${schema.id}` as Route}><History aria-hidden />Runs</Link></DropdownMenuItem>
        <DropdownMenuItem asChild disabled={schema.version === null}><Link href={`/sources/${schema.sourceId}/tables/${schema.id}/versions` as Route}><GitCommitVertical aria-hidden />Versions</Link></DropdownMenuItem>
        <DropdownMenuItem onSelect={() => setDialog('columns')}><TableProperties aria-hidden />Columns…</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => setDialog('settings')}><Settings2 aria-hidden />Settings…</DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem variant="destructive" disabled={schema.version === null} onSelect={() => setDialog('delete')}><Trash2 aria-hidden />Delete data…</DropdownMenuItem>
        {isMade ? <DropdownMenuItem variant="destructive" onSelect={() => setDialog('remove')}><X aria-hidden />Remove table…</DropdownMenuItem> : null}
      </RowMenu>
      {dialog === 'columns' ? <ColumnsReportDialog schema={schema} onClose={() => setDialog(null)} /> : null}
      {dialog === 'resync' ? <FullResyncDialog schema={schema} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' ? <DeleteDataDialog schema={schema} onClose={() => setDialog(null)} /> : null}
      {dialog === 'remove' ? <RemoveTableDialog schema={schema} onClose={() => setDialog(null)} /> : null}
      {dialog === 'settings' && !isFiles ? <SchemaSettingsDialog schema={schema} onClose={() => setDialog(null)} /> : null}
      {dialog === 'settings' && isFiles ? <TableSettingsDialog schema={schema} onClose={() => setDialog(null)} /> : null}
    </>
  )
}
