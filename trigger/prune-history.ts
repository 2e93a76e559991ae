import { schedules } from '@trigger.dev/sdk'
import { pruneHistory } from '@/lib/syncs/prune-history'

/** Forget the runs and the logs of long ago. */
export const pruneHistoryTask = schedules.task({
  id: 'prune-history',
  cron: '47 3 * * *',
  queue: { concurrencyLimit: 1 },
  ttl: '30m',
  maxDuration: 600,
  retry: { maxAttempts: 1 },
  run: () => pruneHistory(),
})
