'use client'

import { useQuery } from '@tanstack/react-query'
import { GitCommitVertical } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { EmptyState } from '@/components/shell/empty-state'
import { ErrorState } from '@/components/shell/error-state'
import { failureView, getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { usePolling } from '@/components/syncs/use-live-status'
import { Table, TableBody, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { TableVersions, VersionView } from '@/lib/tables/versions-schema'
import { RetentionLine } from './retention-line'
import { VersionRow } from './version-row'

const RollBackDialog = dynamic(() => import('./roll-back-dialog').then((module) => module.RollBackDialog), { ssr: false })

/** The kept versions of a table, newest first: what made each of them, and what can be done with it. */
export function VersionsTab({ schemaId }: { schemaId: string }) {
  const [wanted, setWanted] = useState<VersionView | null>(null)
  const polling = usePolling(true)
  const { data, error } = useQuery({
    queryKey: statusKeys.versions(schemaId),
    queryFn: ({ signal }) => getJson<TableVersions>(`/api/tables/${schemaId}/versions`, signal),
    refetchInterval: polling,
  })
  if (!data) return error ? <ErrorState error={failureView(error)} /> : null
  const current = data.versions.find(({ isCurrent }) => isCurrent)
  if (!current) return <EmptyState icon={<GitCommitVertical />} title="No version yet">The first sync makes one; each later sync that changes a row makes one more.</EmptyState>
  return (
    <>
      <RetentionLine schemaId={schemaId} retention={data.retention} />
      <Table aria-label="Versions" className="table-fixed">
        <TableHeader>
          <TableRow>
            <TableHead className="w-24 sm:w-28">Version</TableHead>
            <TableHead className="hidden w-28 sm:table-cell">Made</TableHead>
            <TableHead>By</TableHead>
            <TableHead numeric className="w-24 sm:w-28">Rows</TableHead>
            <TableHead numeric className="hidden w-28 md:table-cell">Inserted</TableHead>
            <TableHead numeric className="hidden w-28 md:table-cell">Updated</TableHead>
            <TableHead numeric className="hidden w-28 md:table-cell">Deleted</TableHead>
            <TableHead className="w-12"><span className="sr-only">Actions</span></TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {data.versions.map((version, place) => <VersionRow key={version.number} version={version} before={data.versions[place + 1]?.number ?? null} table={data.table} onRollBack={() => setWanted(version)} />)}
        </TableBody>
      </Table>
      {wanted ? <RollBackDialog table={data.table} to={wanted} current={current} onClose={() => setWanted(null)} /> : null}
    </>
  )
}
