'use client'

import { formatAgo, formatDateTime } from '@/lib/core/format'
import { useNow } from './use-now'

/** "4 min ago", kept up to date, with the exact time and zone of the reader in the tooltip. */
export function RelativeTime({ time, never = 'never', className }: { time: string | null; never?: string; className?: string }) {
  const now = useNow()
  if (time === null) return <span className={className}>{never}</span>
  return (
    // The server's words may be some seconds older than the browser's.
    <time dateTime={time} title={now === null ? undefined : formatDateTime(time)} className={className} suppressHydrationWarning>
      {formatAgo(time, now ?? undefined)}
    </time>
  )
}
