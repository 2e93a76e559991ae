import { CircleAlert, CircleCheck, CircleDashed, CirclePause, Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { Spinner } from './spinner'

export type StatusTone = 'running' | 'fine' | 'waiting' | 'broken' | 'paused' | 'none'

const tones: Record<StatusTone, string> = {
  running: 'text-running',
  fine: 'text-fine',
  waiting: 'text-waiting',
  broken: 'text-broken',
  paused: 'text-paused',
  none: 'text-muted-foreground',
}

/** A status as icon and word, never colour alone. `children` is the word; give numbers after it the class `tabular`. */
export function StatusBadge({ tone, children, className }: { tone: StatusTone; children: ReactNode; className?: string }) {
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap tabular', tones[tone], className)}>
      <StatusIcon tone={tone} />
      <span className="truncate">{children}</span>
    </span>
  )
}

/** The icon of a status alone; only where the word stands close by. */
export function StatusIcon({ tone, className }: { tone: StatusTone; className?: string }) {
  const classes = cn('size-3.5 shrink-0', tones[tone], className)
  switch (tone) {
    case 'running':
      return <Spinner className={cn('[&_svg]:size-3.5', tones[tone], className)} />
    case 'fine':
      return <CircleCheck aria-hidden className={classes} />
    case 'waiting':
      return <Clock aria-hidden className={classes} />
    case 'broken':
      return <CircleAlert aria-hidden className={classes} />
    case 'paused':
      return <CirclePause aria-hidden className={classes} />
    case 'none':
      return <CircleDashed aria-hidden className={classes} />
  }
}
