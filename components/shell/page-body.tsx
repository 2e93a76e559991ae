import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

/** The content of a page, as wide as its `<PageHeader>`. */
export function PageBody({ children, isWide = false, className }: { children: ReactNode; isWide?: boolean; className?: string }) {
  return <div className={cn('page-width py-5', isWide && 'max-w-none', className)}>{children}</div>
}
