'use client'

import { formatAgo, formatDateTime } from '@/lib/core/format'
import { useNow } from './use-now'

/** When something was, "4 min ago", kept up to date, with the exact time and zone of the reader in the tooltip. */
export function RelativeTime({ time, never = 'never', className }: { time: string | null; never?: string; className?: string }) {
  const now = useNow()
  if (time === null) return <span className={className}>{never}</span>
  return (
    // The server's words may be some seconds older than the browser's, and what just happened newer than the browser's last look at the clock.
    <time dateTime={time} title={now === null ? undefined : formatDateTime(time)} className={className} suppressHydrationWarning>
      {formatAgo(time, now === null ? undefined : Math.max(now, Date.parse(time)))}
    </time>
  )
}
