import { schedules } from '@trigger.dev/sdk'
import { takeOverDeadRuns } from '@/lib/syncs/take-over-dead-runs'

/** Mend what was lost between here and the run rows: ended runs that said nothing, and rows that were never sent. */
export const takeOverDeadRunsTask = schedules.task({
  id: 'take-over-dead-runs',
  cron: '* * * * *',
  queue: { concurrencyLimit: 1 },
  ttl: '1m',
  maxDuration: 120,
  retry: { maxAttempts: 1 },
  run: async () => ({ takenOver: await takeOverDeadRuns() }),
})
