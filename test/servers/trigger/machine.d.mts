export interface RegisteredTask {
  id: string
  queue?: { name?: string; concurrencyLimit?: number }
  machine?: { preset: string }
  retry?: { maxAttempts?: number }
  maxDuration?: number
  ttl?: string | number
  schedule?: { cron: string }
}

export interface Machine {
  tasks: Map<string, RegisteredTask>
  queues: Map<string, { name: string; concurrencyLimit?: number }>
  metadata: Map<string, unknown>
  execute(id: string, payload: unknown, run: { runId: string; environment?: string; signal?: AbortSignal }): Promise<unknown>
}

export function loadTasks(importTasks: () => Promise<unknown>): Promise<Machine>
