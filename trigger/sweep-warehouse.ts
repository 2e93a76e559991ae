import { schedules } from '@trigger.dev/sdk'
import { sweepWarehouse } from '@/lib/syncs/sweep-warehouse'

/** Remove the files that no version needs. */
export const sweepWarehouseTask = schedules.task({
  id: 'sweep-warehouse',
  cron: '17 * * * *',
  queue: { concurrencyLimit: 1 },
  ttl: '30m',
  maxDuration: 3_600,
  retry: { maxAttempts: 1 },
  run: () => sweepWarehouse(),
})
