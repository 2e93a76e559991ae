import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { LinkedText } from '@/components/ui/linked-text'
import type { ErrorView } from '@/lib/core/errors'

export interface ErrorStateProps {
  error: ErrorView
  actions?: ReactNode
  /** `inline` stands in a form or beside a row, `page` alone in the middle. */
  variant?: 'inline' | 'page'
  className?: string
}

/** What failed, the detail, what to do. */
export function ErrorState({ error, actions, variant = 'inline', className }: ErrorStateProps) {
  if (variant === 'page') {
    return (
      <div role="alert" className={cn('mx-auto flex max-w-lg flex-col items-center px-4 py-16 text-center', className)}>
        <CircleAlert aria-hidden className="mb-3 size-6 stroke-[1.5] text-broken" />
        <h1 className="text-lg font-semibold text-balance">{error.title}</h1>
        {error.detail ? <p className="mt-1 break-words text-muted-foreground">{error.detail}</p> : null}
        {error.advice ? <p className="mt-1"><LinkedText>{asSentence(error.advice)}</LinkedText></p> : null}
        {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
      </div>
    )
  }
  return (
    <div role="alert" className={cn('flex gap-2.5 rounded-md border border-broken/25 bg-broken/5 px-3 py-2.5', className)}>
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-broken" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{error.title}</p>
        {error.detail ? <p className="mt-0.5 text-sm break-words text-muted-foreground">{error.detail}</p> : null}
        {error.advice ? <p className="mt-0.5 text-sm"><LinkedText>{asSentence(error.advice)}</LinkedText></p> : null}
        {actions ? <div className="mt-2 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  )
}

function asSentence(words: string): string {
  return /[.:!?]$/.test(words) ? words : `${words}.`
}
