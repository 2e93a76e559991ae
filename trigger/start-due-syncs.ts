import { schedules } from '@trigger.dev/sdk'
import { startDueSyncs } from '@/lib/syncs/start-due-syncs'

/** The one schedule of all schemas: when each is due stands in its row. A pass takes some hundred; passes go on until none is due. */
export const startDueSyncsTask = schedules.task({
  id: 'start-due-syncs',
  cron: '* * * * *',
  queue: { concurrencyLimit: 1 },
  ttl: '1m',
  maxDuration: 120,
  retry: { maxAttempts: 1 },
  run: async () => {
    let started = 0
    for (let count = await startDueSyncs(); count > 0; count = await startDueSyncs()) started += count
    return { started }
  },
})
