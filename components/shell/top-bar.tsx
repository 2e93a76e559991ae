import type { Route } from 'next'
import Link from 'next/link'
import type { Viewer } from '@/lib/workspace/schema'
import { AccountMenu } from './account-menu'
import { LogoMark } from './logo'
import { NavLinks } from './nav-links'
import { navigation } from './navigation'
import { ThemeMenu } from './theme-menu'

/** The bar above every page: where one is, where one can go, who one is. */
export function TopBar({ viewer }: { viewer: Viewer }) {
  const links = navigation(viewer.previews)
  return (
    <header className="sticky top-0 z-40 flex h-(--header-height) items-center gap-3 border-b bg-background px-4 sm:px-6">
      <Link href={'/' as Route} aria-label="Tributary, start page" className="flex shrink-0 items-center gap-2 rounded-md font-semibold tracking-tight">
        <LogoMark />
        <span className="hidden md:inline">Tributary</span>
      </Link>
      <span aria-hidden className="text-border">/</span>
      <span className="max-w-48 min-w-0 truncate text-muted-foreground" title={viewer.workspaceName}>{viewer.workspaceName}</span>
      <span aria-hidden className="hidden h-4 w-px bg-border sm:block" />
      <NavLinks links={links} />
      <div className="ml-auto flex items-center gap-1">
        <ThemeMenu />
        <AccountMenu name={viewer.name} email={viewer.email} links={links} />
      </div>
    </header>
  )
}
