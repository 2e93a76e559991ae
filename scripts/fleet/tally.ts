import { withClient } from './source-table'

export interface Tally {
  versions: number
  runs: number
  completed: number
  failed: number
  /** Attempts that were not the first one. */
  again: number
  takenOver: number
  /** What ended runs, or waited with them, by the code of the error. */
  failures: string[]
}

/** What became of all runs, as the database tells it. */
export async function tallyRuns(databaseUrl: string): Promise<Tally> {
  return withClient(databaseUrl, async (client) => {
    const { rows: [counts] } = await client.query<Omit<Tally, 'failures'>>(`
      SELECT (SELECT count(*)::int FROM "TableVersion") AS versions, count(*)::int AS runs, count(*) FILTER (WHERE "status" = 'completed')::int AS completed,
        count(*) FILTER (WHERE "status" = 'failed')::int AS failed, COALESCE(sum(GREATEST("attempt" - 1, 0)), 0)::int AS again,
        (SELECT count(*)::int FROM "RunLog" WHERE "message" LIKE 'The worker of this run stopped answering%') AS "takenOver"
      FROM "SyncRun"`)
    const { rows } = await client.query<{ words: string }>(`
      SELECT count(*) || ' times ' || message AS words FROM (SELECT regexp_replace("message", '[0-9a-f]{8}-[0-9a-f-]{27,}|ledger_[0-9]+|[0-9.]+:[0-9]+|fleet/fleet/[^:]*', '…', 'g') AS message FROM "RunLog" WHERE "level" = 'error') said GROUP BY message ORDER BY count(*) DESC LIMIT 20`)
    return { ...counts!, failures: rows.map(({ words }) => words) }
  })
}
