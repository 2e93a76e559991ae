'use client'

import type { Route } from 'next'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { tabClasses, tabListClasses } from '@/components/ui/tab-classes'

export interface TabLink {
  label: ReactNode
  href: Route
  /** Current on this very address only, not on those below it. */
  isExact?: boolean
}

/** Tabs that are pages: the address decides which one is current. */
export function TabLinks({ label, links, className }: { label: string; links: TabLink[]; className?: string }) {
  const path = usePathname()
  return (
    <nav aria-label={label} className={cn(tabListClasses, className)}>
      {links.map((link) => {
        const isCurrent = path === link.href || (!link.isExact && path.startsWith(`${link.href}/`))
        return (
          <Link key={link.href} href={link.href} aria-current={isCurrent ? 'page' : undefined} className={tabClasses}>
            {link.label}
          </Link>
        )
      })}
    </nav>
  )
}
