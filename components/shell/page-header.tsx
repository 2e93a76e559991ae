import { ChevronRight } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

export interface Crumb<T extends string = string> {
  label: ReactNode
  href: Route<T>
}

export interface PageHeaderProps {
  title: ReactNode
  description?: ReactNode
  /** Buttons at the right; the primary one last. */
  actions?: ReactNode
  /** A row of tabs that closes the header, for example `<WarehouseTabs />`. */
  tabs?: ReactNode
  /** The pages above this one, topmost first. */
  breadcrumb?: Crumb[]
  /** Use the whole width of the window, as a page of one large table does. */
  isWide?: boolean
  className?: string
}

/** The top of a page, in the page's own width. Follow it with `<PageBody>`. */
export function PageHeader({ title, description, actions, tabs, breadcrumb = [], isWide = false, className }: PageHeaderProps) {
  return (
    <header className={cn('border-b', className)}>
      <div className={cn('page-width', isWide && 'max-w-none', tabs ? 'pt-4' : 'py-4')}>
        {breadcrumb.length ? <Breadcrumb crumbs={breadcrumb} /> : null}
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
        </div>
        {description ? <div className="mt-1 max-w-prose text-muted-foreground">{description}</div> : null}
        {tabs ? <div className="mt-2 -mb-px [&>*]:border-b-0">{tabs}</div> : null}
      </div>
    </header>
  )
}

function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-1">
      <ol className="flex flex-wrap items-center gap-1 text-sm text-muted-foreground">
        {crumbs.map((crumb, place) => (
          <Fragment key={crumb.href}>
            {place ? <li aria-hidden><ChevronRight className="size-3.5" /></li> : null}
            <li className="min-w-0 truncate"><Link href={crumb.href} className="rounded-sm hover:text-foreground hover:underline">{crumb.label}</Link></li>
          </Fragment>
        ))}
      </ol>
    </nav>
  )
}
