import { setTimeout as wait } from 'node:timers/promises'
import { withClient } from './source-table'

const EVERY_MS = 1_000

/** Looks at the runs once a second, past everything: how many are on, and for how long one was held by nobody. */
export class RunWatch {
  mostOfSource = 0
  mostOfWorkspace = 0
  /** Since a lease had expired, of runs that nobody had taken over yet. */
  longestOrphanedSeconds = 0
  /** Connections to the database. */
  mostConnections = 0
  private readonly ending = new AbortController()
  private running: Promise<void> | undefined

  constructor(private readonly url: string) {}

  start(): void {
    this.running = this.run()
  }

  async stop(): Promise<void> {
    this.ending.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await withClient(this.url, async (client) => {
        for (; !this.ending.signal.aborted; await this.rest()) {
          const { rows: [row] } = await client.query<Record<'source' | 'workspace' | 'orphaned' | 'connections', number>>(`
            WITH held AS MATERIALIZED (SELECT "sourceId", "workspaceId", "leaseExpiresAt" FROM "SyncRun" WHERE "status" = 'running')
            SELECT COALESCE((SELECT max(n) FROM (SELECT count(*)::int AS n FROM held GROUP BY "sourceId") s), 0) AS source,
              COALESCE((SELECT max(n) FROM (SELECT count(*)::int AS n FROM held GROUP BY "workspaceId") w), 0) AS workspace,
              COALESCE((SELECT max(extract(epoch FROM now() - "leaseExpiresAt"))::float8 FROM held), 0) AS orphaned,
              (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS connections`)
          if (!row) continue
          this.mostOfSource = Math.max(this.mostOfSource, row.source)
          this.mostOfWorkspace = Math.max(this.mostOfWorkspace, row.workspace)
          this.longestOrphanedSeconds = Math.max(this.longestOrphanedSeconds, row.orphaned)
          this.mostConnections = Math.max(this.mostConnections, row.connections)
        }
      }).catch(() => this.rest()) // the database fell over, as it was meant to
    }
  }

  private async rest(): Promise<void> {
    await wait(EVERY_MS, undefined, { signal: this.ending.signal }).catch(() => {}) // woken to end
  }
}
