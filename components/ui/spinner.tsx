import { LoaderCircle } from 'lucide-react'
import { cn } from './cn'

/** Turns while something works. Name it with `label` where no word stands beside it. */
export function Spinner({ className, label }: { className?: string; label?: string }) {
  return (
    <span role={label ? 'status' : undefined} className={cn('inline-flex', className)}>
      <LoaderCircle aria-hidden className="size-4 animate-spin" />
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  )
}
