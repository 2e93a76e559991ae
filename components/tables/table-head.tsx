import { ArrowUpRight } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { TabLinks } from '@/components/shell/tab-links'
import type { TableNames } from '@/lib/tables/versions-schema'

/** The name of a table under the header of its source, and its tabs. */
export function TableHead({ table }: { table: TableNames }) {
  const place = `/sources/${table.sourceId}/tables/${table.schemaId}`
  return (
    <div className="mb-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="min-w-0 text-lg font-semibold [overflow-wrap:anywhere]">{table.schemaName}</h2>
        {table.version === null ? <code className="min-w-0 text-xs break-all text-muted-foreground">{table.name}</code> : (
          <Link href={`/sql?table=${encodeURIComponent(table.name)}` as Route} prefetch={false} title={`Query ${table.name}`} className="inline-flex min-w-0 items-center gap-0.5 rounded-sm font-mono text-xs text-link hover:underline">
            <span className="break-all">{table.name}</span><ArrowUpRight aria-hidden className="size-3 shrink-0" />
          </Link>
        )}
      </div>
      <TabLinks className="mt-2" label={table.schemaName} links={[{ label: 'Versions', href: `${place}/versions` as Route }]} />
    </div>
  )
}
