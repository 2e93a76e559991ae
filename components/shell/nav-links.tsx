'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { isBelow, type NavigationLink } from './navigation'

export function NavLinks({ links }: { links: NavigationLink[] }) {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="hidden items-center gap-1 sm:flex">
      {links.map((link) => (
        <Link
          key={link.href}
          href={link.href}
          aria-current={isBelow(path, link) ? 'true' : undefined}
          className="inline-flex h-7 items-center rounded-md px-2 text-muted-foreground transition-colors hover:bg-accent hover:text-foreground aria-[current]:font-medium aria-[current]:text-foreground"
        >
          {link.label}
        </Link>
      ))}
    </nav>
  )
}
