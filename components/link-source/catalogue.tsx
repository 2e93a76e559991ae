'use client'

import { Search } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { Input } from '@/components/ui/input'
import type { ConnectorView } from '@/lib/sources/schema'
import { SampleShopCard } from './sample-shop-card'

const groups: { id: ConnectorView['group']; title: string; words: string }[] = [
  { id: 'managed', title: 'Managed', words: 'Copied into the warehouse and kept fresh.' },
  { id: 'self-managed', title: 'Self-managed', words: 'Files that are yours: in your own bucket, at an address, or by hand. New and changed ones are read at each sync.' },
]

/** Every kind of source that can be linked, by group, with a search over both. */
export function Catalogue({ connectors }: { connectors: ConnectorView[] }) {
  const [query, setQuery] = useState('')
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const found = connectors.filter((connector) => words.every((word) => searchText(connector).includes(word)))
  return (
    <div className="grid gap-8">
      <div className="relative max-w-sm">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted-foreground" />
        <Input type="search" aria-label="Search sources" placeholder="Search sources" className="pl-8" autoFocus value={query} onChange={(event) => setQuery(event.target.value)} />
      </div>
      <p role="status" className="sr-only">{words.length ? `${found.length} found` : ''}</p>
      {groups.map((group) => (
        <Group key={group.id} {...group} connectors={found.filter((connector) => connector.group === group.id)} />
      ))}
      {found.length ? null : (
        <p className="text-muted-foreground">
          No source matches <span className="font-medium text-foreground">{query.trim()}</span>. There is a connector for {connectors.map((connector) => connector.label).join(', ')}.
        </p>
      )}
      {words.length ? null : (
        <section aria-labelledby="try" className="grid gap-3">
          <h2 id="try" className="text-base font-semibold">Nothing at hand to link?</h2>
          <SampleShopCard />
        </section>
      )}
    </div>
  )
}

function searchText(connector: ConnectorView): string {
  return `${connector.label} ${connector.id} ${connector.category} ${connector.description}`.toLowerCase()
}

interface GroupProps {
  id: string
  title: string
  words: string
  connectors: ConnectorView[]
}

/** A group that has nothing in it is not shown. */
function Group({ id, title, words, connectors }: GroupProps) {
  if (!connectors.length) return null
  return (
    <section aria-labelledby={`group-${id}`} className="grid gap-3">
      <div>
        <h2 id={`group-${id}`} className="text-base font-semibold">{title}</h2>
        <p className="text-sm text-muted-foreground">{words}</p>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {connectors.map((connector) => (
          <li key={connector.id}>
            <Link href={`/sources/new/${connector.id}`} className="flex h-full items-start gap-3 rounded-md border border-border p-3.5 transition-colors hover:border-input hover:bg-muted/60">
              <ConnectorIcon connector={connector.id} label={connector.label} />
              <span className="min-w-0">
                <span className="flex items-baseline gap-2">
                  <span className="font-medium">{connector.label}</span>
                  <span className="text-xs text-muted-foreground">{connector.category}</span>
                </span>
                <span className="mt-0.5 line-clamp-3 text-sm text-muted-foreground">{connector.description}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
