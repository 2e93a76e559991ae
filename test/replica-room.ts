import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { startEmbeddedPostgres, type EmbeddedServer } from '@/lib/db/embedded/server'

const REPLAY_SECONDS = 20

/** A primary that lets transactions be prepared, and a hot standby of it. */
export class ReplicaRoom {
  private readonly clients: pg.Client[] = []

  private constructor(readonly primary: EmbeddedServer, readonly replica: EmbeddedServer) {}

  /** @param settings of the standby alone */
  static async open(settings: Record<string, string> = {}): Promise<ReplicaRoom> {
    const folder = fs.mkdtempSync(path.join(inject('testServer').folder, 'replica-'))
    fs.chmodSync(folder, 0o755)
    const [first, second] = [path.join(folder, 'primary'), path.join(folder, 'replica')]
    const fresh = await startEmbeddedPostgres(first)
    const setting = new pg.Client({ connectionString: fresh.urlFor('postgres') })
    await setting.connect()
    await setting.query('ALTER SYSTEM SET max_prepared_transactions = 4')
    await setting.end()
    await fresh.release()
    execFileSync('cp', ['-a', first, second])
    const primary = await startEmbeddedPostgres(first)
    const cluster = path.join(second, 'postgres', 'cluster')
    fs.rmSync(path.join(second, 'postgres', 'port'))
    const all = { ...settings, primary_conninfo: `host=127.0.0.1 port=${primary.port} user=tributary password=${primary.password}` }
    fs.appendFileSync(path.join(cluster, 'postgresql.auto.conf'), Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`).join(''))
    fs.writeFileSync(path.join(cluster, 'standby.signal'), '')
    return new ReplicaRoom(primary, await startEmbeddedPostgres(second))
  }

  /** A session of somebody who works with the database. */
  async client(server: EmbeddedServer): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server.urlFor('postgres'), application_name: 'shop' })
    client.on('error', () => undefined)
    await client.connect()
    this.clients.push(client)
    return client
  }

  config({ port, password }: EmbeddedServer): PostgresConfig {
    return PostgresConfig.parse({ host: '127.0.0.1', port, database: 'postgres', user: 'tributary', password, sslmode: 'disable' })
  }

  /** Until the replica has what the primary has committed, and knows the numbers that it gave out. */
  async replayed(onPrimary: pg.Client, onReplica: pg.Client): Promise<void> {
    const { rows } = await onPrimary.query<{ at: string }>('SELECT pg_current_wal_insert_lsn() AS at')
    for (const deadline = Date.now() + REPLAY_SECONDS * 1000; Date.now() < deadline; await wait(20)) {
      const { rows: [replica] } = await onReplica.query<{ isThere: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS "isThere"', [rows[0]?.at])
      if (replica?.isThere) return
    }
    throw new Error('The replica does not follow its primary')
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)))
    await this.replica.release()
    await this.primary.release()
  }
}
