import { cn } from '@/components/ui/cn'

/** Three streams that become one. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={cn('size-6', className)}>
      <rect width="24" height="24" rx="6" className="fill-primary" />
      <g fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round">
        <path d="M5 12h14" />
        <path d="M5 6.5c4.5 0 4 5.5 8.5 5.5" />
        <path d="M5 17.5c4.5 0 4-5.5 8.5-5.5" />
      </g>
    </svg>
  )
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2 text-lg font-semibold tracking-tight', className)}>
      <LogoMark />
      Tributary
    </span>
  )
}
