import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

export interface EmptyStateProps {
  /** A lucide icon; its size is set here. */
  icon?: ReactNode
  title: ReactNode
  /** One sentence: what this place is for and what to do next. */
  children?: ReactNode
  actions?: ReactNode
  /** It is the whole page: its title is the page's. */
  isPage?: boolean
  className?: string
}

export function EmptyState({ icon, title, children, actions, isPage = false, className }: EmptyStateProps) {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className={cn('flex flex-col items-center px-4 py-16 text-center', className)}>
      {icon ? <div aria-hidden className="mb-3 text-muted-foreground [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div> : null}
      <Title className="text-lg font-semibold">{title}</Title>
      {children ? <div className="mt-1 max-w-md text-balance text-muted-foreground">{children}</div> : null}
      {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  )
}
