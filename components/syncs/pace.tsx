import { CircleGauge } from 'lucide-react'
import { cn } from '@/components/ui/cn'

/** How fast a source lets us read, in its connector's words: "98 of about 100 requests a second". */
export function Pace({ pace, className }: { pace: string; className?: string }) {
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-1 text-muted-foreground tabular', className)} title={pace}>
      <CircleGauge aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{pace}</span>
    </span>
  )
}
