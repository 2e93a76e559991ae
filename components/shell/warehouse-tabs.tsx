import type { Route } from 'next'
import { TabLinks, type TabLink } from './tab-links'

const links: TabLink[] = [
  { label: 'Sources', href: '/sources' as Route },
  { label: 'SQL', href: '/sql' as Route },
]

/** The tabs of the data warehouse, for the `tabs` of its page headers. */
export function WarehouseTabs() {
  return <TabLinks label="Data warehouse" links={links} />
}
