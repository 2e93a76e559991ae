import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import type { TablesConnector } from '@/lib/connectors/contract'
import type { SyncReport } from '@/lib/pipeline/types'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from './database'
import { makeSchema, snapshotOf, sync, tableObjects, type JobChange, type Schema } from './sync-room'

/** A database with transactions that stay open, read by a user who may do nothing but read. */
export class LateSource {
  private readonly clients: pg.Client[] = []

  private constructor(
    private readonly database: FreshServerDatabase,
    private readonly role: string,
    readonly config: PostgresConfig,
  ) {}

  static async open(): Promise<LateSource> {
    const database = await freshServerDatabase()
    const role = `reader_${randomBytes(6).toString('hex')}`
    const source = new LateSource(database, role, PostgresConfig.parse({ ...database, user: role, password: 'pw-of-reader' }))
    const client = await source.client()
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-reader'; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${role}`)
    return source
  }

  /** A session of somebody who works with the database. */
  async client(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.database.url, application_name: 'shop' })
    client.on('error', () => undefined)
    await client.connect()
    this.clients.push(client)
    return client
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)))
    await this.database.drop()
    await asSuperuser(`DROP ROLE IF EXISTS ${this.role}`)
  }

  /** A table that is synced by a replication key. */
  async table(name: string, replicationKey: string): Promise<LateTable> {
    return new LateTable(await makeSchema(), this, name, replicationKey)
  }
}

export class LateTable {
  constructor(
    private readonly schema: Schema,
    private readonly source: Pick<LateSource, 'config'>,
    private readonly name: string,
    private readonly replicationKey: string,
  ) {}

  async sync(change: JobChange = {}): Promise<SyncReport> {
    const { config } = this.source
    const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table: this.name }])
    if (!discovered) throw new Error(`There is no ${this.name}`)
    return sync(this.schema, { connector: postgres as TablesConnector, discovered, primaryKey: discovered.primaryKey }, { config, method: 'incremental', replicationKey: this.replicationKey, ...change })
  }

  /** A column of the table in the warehouse, in its order. */
  async values(column: string): Promise<(string | null)[]> {
    return (await tableObjects(this.schema)).map((row) => row[column] ?? null).sort()
  }

  /** The names of the transactions that the current version remembers. */
  async open(): Promise<string[]> {
    const { cursor } = await snapshotOf(this.schema)
    return cursor && 'late' in cursor ? (cursor.late ?? []).flatMap(({ open }) => open) : []
  }

  rows(): Promise<Record<string, string | null>[]> {
    return tableObjects(this.schema)
  }
}
