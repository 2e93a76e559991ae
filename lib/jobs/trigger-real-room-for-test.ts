import { TriggerClient } from '@trigger.dev/sdk'
import { setTimeout as wait } from 'node:timers/promises'
import { env } from '@/lib/core/env'
import type { JobRequest, JobsDriver } from './jobs-driver'
import type { JobsRoom } from './jobs-suite'

const WAIT_MS = 60_000
const ASK_EVERY_MS = 500
/** The list of runs follows what happens at some distance. */
const LAG_MS = 5_000
const OVER = ['COMPLETED', 'CANCELED', 'FAILED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT']

/**
 * A Trigger.dev whose workers run by themselves, watched from outside: the tasks of this project must be deployed there, or `trigger dev`
 * be running. Their database need not know the runs: a run that nobody knows ends as done.
 */
export function realRoom(driver: JobsDriver, makeRequest: () => Promise<JobRequest>): JobsRoom {
  const { TRIGGER_SECRET_KEY: accessToken, TRIGGER_API_URL: baseURL } = env()
  const client = new TriggerClient({ accessToken, baseURL })
  const asked = new Set<string>()
  const seen = new Set<string>()
  return {
    driver,
    pass: (seconds) => wait(seconds * 1_000),
    async request() {
      const request = await makeRequest()
      asked.add(request.runId)
      return request
    },
    async handed() {
      for (const deadline = Date.now() + LAG_MS; ; await wait(ASK_EVERY_MS)) {
        const runs = (await Promise.all([...asked].map((runId) => settled(client, runId)))).flat()
        const fresh = runs.filter((run) => run.status === 'COMPLETED' && !seen.has(run.id))
        for (const run of fresh) seen.add(run.id)
        if (fresh.length >= asked.size || Date.now() > deadline) return fresh.map((run) => run.runId)
      }
    },
  }
}

/** The runs of one of ours, once none of them could begin or end any more. */
async function settled(client: TriggerClient, runId: string): Promise<{ id: string; status: string; runId: string }[]> {
  for (const deadline = Date.now() + WAIT_MS; ; await wait(ASK_EVERY_MS)) {
    const page = await client.runs.list({ tag: `run_${runId}`, limit: 20 })
    if (page.data.every((run) => OVER.includes(run.status) || run.status === 'DELAYED')) return page.data.map(({ id, status }) => ({ id, status, runId }))
    if (Date.now() > deadline) throw new Error('the runs over there do not end: is a worker running?')
  }
}
