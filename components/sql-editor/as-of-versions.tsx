'use client'

import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { statusKeys } from '@/components/syncs/status-keys'
import { deedWords } from '@/components/syncs/version-words'
import { formatAgo, formatCount } from '@/lib/core/format'
import type { TableView } from '@/lib/tables/schema'
import type { TableVersions, VersionView } from '@/lib/tables/versions-schema'
import { sqlRequest } from './sql-request'

interface AsOfVersionsProps {
  tables: Pick<TableView, 'schemaId' | 'name'>[]
  /** The version of each table, by its name; a table without one is read as of the time, or as it is now. */
  chosen: ReadonlyMap<string, number>
  hasTime: boolean
  onChoose(table: string, version: number | null): void
}

/** The kept versions of the tables that the query names: their numbers, when they were made, and what that changed. */
export function AsOfVersions({ tables, chosen, hasTime, onChoose }: AsOfVersionsProps) {
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-sm font-medium">Versions of the tables in the query</legend>
      <div className="grid max-h-56 gap-2 overflow-y-auto">
        {tables.map((table) => <VersionOfTable key={table.schemaId} table={table} version={chosen.get(table.name) ?? null} hasTime={hasTime} onChoose={(version) => onChoose(table.name, version)} />)}
      </div>
    </fieldset>
  )
}

function VersionOfTable({ table, version, hasTime, onChoose }: { table: AsOfVersionsProps['tables'][number]; version: number | null; hasTime: boolean; onChoose(version: number | null): void }) {
  const id = useId()
  const versions = useQuery({ queryKey: statusKeys.versions(table.schemaId), queryFn: ({ signal }) => sqlRequest<TableVersions>(`/api/tables/${table.schemaId}/versions`, undefined, signal) })
  const known = versions.data?.versions ?? []
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className="truncate font-mono text-xs text-muted-foreground" title={table.name}>{table.name}</label>
      <select id={id} value={version ?? ''} onChange={(event) => onChoose(event.target.value === '' ? null : Number(event.target.value))} className="h-8 w-full min-w-0 rounded-md border border-input bg-background px-2 text-sm">
        <option value="">{hasTime ? 'As of the time above' : 'As it is now'}</option>
        {version !== null && !known.some(({ number }) => number === version) ? <option value={version}>Version {formatCount(version)}{versions.data ? ', not kept any more' : ''}</option> : null}
        {known.map((one) => <option key={one.number} value={one.number}>{versionWords(one)}</option>)}
      </select>
      {versions.isError ? <p role="alert" className="text-xs text-broken">Its versions cannot be listed now</p> : null}
    </div>
  )
}

/** "Version 12 · 2 h ago · Sync: 3 new, 1 changed". */
function versionWords(version: VersionView): string {
  const figures = [[version.inserted, 'new'], [version.updated, 'changed'], [version.deleted, 'gone']] as const
  const changed = figures.flatMap(([count, word]) => (count ? [`${formatCount(count)} ${word}`] : [])).join(', ')
  return [`Version ${formatCount(version.number)}${version.isCurrent ? ', current' : ''}`, formatAgo(version.createdAt), [deedWords(version), changed].filter(Boolean).join(': ')].join(' · ')
}
