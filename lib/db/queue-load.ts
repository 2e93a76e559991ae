import { z } from 'zod'
import { prisma } from './client'
import { probe } from './probe'

const Load = z.object({ due: z.coerce.number(), oldest: z.coerce.number(), running: z.coerce.number() })

export interface QueueLoad {
  dueRuns: number
  oldestDueSeconds: number
  runningRuns: number
}

/** What waits and what is on, of every workspace; each part is answered by the index of status and time. */
export async function queueLoad(withinMs: number): Promise<QueueLoad> {
  return probe(withinMs, async (client) => {
    const due = `FROM "SyncRun" WHERE "status" = 'queued' AND "notBefore" <= now()`
    const { rows } = await client.query(`
      SELECT (SELECT count(*) ${due}) AS due, (SELECT COALESCE(EXTRACT(EPOCH FROM now() - min("notBefore")), 0) ${due}) AS oldest,
        (SELECT count(*) FROM "SyncRun" WHERE "status" = 'running') AS running`)
    const load = Load.parse(rows[0])
    return { dueRuns: load.due, oldestDueSeconds: load.oldest, runningRuns: load.running }
  })
}

/** Every file that a kept version names. Reads the whole table: for once in a while. */
export async function warehouseTotals(): Promise<{ files: number; bytes: number }> {
  const { _count, _sum } = await prisma().tableFile.aggregate({ _count: true, _sum: { bytes: true } })
  return { files: _count, bytes: Number(_sum.bytes ?? 0) }
}
