'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { EmptyState } from '@/components/shell/empty-state'
import { getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/lib/core/format'
import type { TableVersions, VersionView } from '@/lib/tables/versions-schema'
import { Changes } from './changes'
import { deedWords } from '@/components/syncs/version-words'

const selectClasses = 'h-8 min-w-0 max-w-full rounded-md border border-input bg-background px-2 sm:max-w-72'

/** What changed between two versions; which ones is in the address. Without them, what the newest changed. */
export function ChangesScreen({ schemaId }: { schemaId: string }) {
  const address = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const { data } = useQuery({ queryKey: statusKeys.versions(schemaId), queryFn: ({ signal }) => getJson<TableVersions>(`/api/tables/${schemaId}/versions`, signal) })
  if (!data) return null
  const { versions } = data
  const to = numberOf(address.get('to')) ?? versions[0]?.number ?? null
  const from = numberOf(address.get('from')) ?? versions.find(({ number }) => to !== null && number < to)?.number ?? null
  const show = (next: { from: number; to: number }) => router.replace(`${path}?from=${next.from}&to=${next.to}` as Route, { scroll: false })
  return (
    <>
      <Link href={`/sources/${data.table.sourceId}/tables/${schemaId}/versions` as Route} className="inline-flex items-center gap-1 rounded-sm text-sm text-muted-foreground hover:text-foreground"><ArrowLeft aria-hidden className="size-3.5" />All versions</Link>
      <h3 className="mt-1 text-lg font-semibold">What changed</h3>
      {from === null || to === null ? (
        <EmptyState icon={<GitCompareArrows />} title="There is nothing to compare with">Only one version of this table is kept. The next sync that changes a row makes another one.</EmptyState>
      ) : (
        <>
          <div className="mt-2 mb-4 flex flex-wrap items-center gap-2">
            <VersionSelect label="From version" value={from} versions={versions} onChange={(number) => show({ from: number, to })} />
            <Button variant="ghost" size="icon-sm" aria-label="Swap the versions" title="Swap the versions" onClick={() => show({ from: to, to: from })}><ArrowLeftRight aria-hidden /></Button>
            <VersionSelect label="To version" value={to} versions={versions} onChange={(number) => show({ from, to: number })} />
          </div>
          <Changes key={`${from} ${to}`} schemaId={schemaId} from={from} to={to} />
        </>
      )}
    </>
  )
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function VersionSelect({ label, value, versions, onChange }: { label: string; value: number; versions: VersionView[]; onChange(number: number): void }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))} className={selectClasses}>
      {versions.some(({ number }) => number === value) ? null : <option value={value}>Version {formatCount(value)}, not kept any more</option>}
      {versions.map((version) => <option key={version.number} value={version.number}>Version {formatCount(version.number)} · {deedWords(version)}</option>)}
    </select>
  )
}
