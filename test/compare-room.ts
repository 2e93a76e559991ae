import pg from 'pg'
import type { DiscoveredSchema, SourceColumn } from '@/lib/connectors/contract'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import { summarise } from '@/lib/connectors/postgres/summarise'
import { beginReadOnly } from '@/lib/connectors/postgres/transaction'
import { newId } from '@/lib/core/ids'
import { EVERY_KEY, type KeyRange, type RangeSummary } from '@/lib/core/key-range'
import type { Engine } from '@/lib/warehouse/duckdb'
import { openEngine } from '@/lib/warehouse/duckdb'
import { summariseRanges, type ComparedTable } from '@/lib/warehouse/compare-ranges'
import { scanSql } from '@/lib/warehouse/scan-sql'
import { makeScratch } from '@/lib/warehouse/scratch'
import { freshServerDatabase, type FreshServerDatabase } from './database'
import { snapshotOf, type Schema, type SyncSource } from './sync-room'

/** A database that is synced from, and a client of its owner. */
export interface SourceRoom {
  server: FreshServerDatabase
  client: pg.Client
  config: PostgresConfig
  run(sql: string): Promise<void>
  /** The table as a source of `sync`, with what its job needs. */
  table(name: string): Promise<SyncSource & { change: { config: PostgresConfig } }>
  close(): Promise<void>
}

export async function openSourceRoom(): Promise<SourceRoom> {
  const server = await freshServerDatabase()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const config = PostgresConfig.parse({ ...server, schema: 'public', sslmode: 'disable' })
  return {
    server,
    client,
    config,
    run: async (sql) => void (await client.query(sql)),
    table: async (name) => ({ connector: postgres, ...(await discoverOne(config, name)), change: { config } }),
    async close() {
      await client.end()
      await server.drop()
    },
  }
}

async function discoverOne(config: PostgresConfig, table: string): Promise<{ discovered: DiscoveredSchema; primaryKey: string[] }> {
  const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table }])
  if (!discovered) throw new Error(`There is no table ${table}`)
  return { discovered, primaryKey: discovered.primaryKey }
}

/** The current version of a table, as it is compared: its columns that come from the source. */
export async function withCompared<T>(schema: Schema, keyNames: string[], work: (engine: Engine, table: ComparedTable) => Promise<T>): Promise<T> {
  const snapshot = await snapshotOf(schema)
  const [engine, scratch] = await Promise.all([openEngine(new AbortController().signal), makeScratch(newId())])
  try {
    const local = await scratch.hold([...snapshot.dataFiles, ...snapshot.deleteFiles])
    const columns = snapshot.columns.filter(({ sourceName, isPresent }) => sourceName !== null && isPresent)
    const key = keyNames.flatMap((name) => columns.find(({ sourceName }) => sourceName === name) ?? [])
    return await work(engine, { rows: scanSql(snapshot, local), columns, key })
  } finally {
    await engine.close()
    await scratch.remove()
  }
}

/** What the warehouse and the source each say of a table's ranges. */
export async function bothSides(room: SourceRoom, schema: Schema, source: SyncSource, keyNames: string[] = [], ranges: KeyRange[] = [EVERY_KEY]): Promise<{ ours: RangeSummary[]; theirs: RangeSummary[] }> {
  return withCompared(schema, keyNames, async (engine, table) => {
    const ours = await summariseRanges(engine, table, ranges)
    const columns = table.columns.map((column) => asRead(source.discovered, column.sourceName, column.type))
    const key = table.key.map((column) => asRead(source.discovered, column.sourceName, column.type))
    return { ours, theirs: await asOurs(room, () => summarise(room.client, { location: source.discovered.location, columns, key, ranges })) }
  })
}

/** A column as it was read last: one that is kept as text is asked for as text. */
function asRead({ columns }: DiscoveredSchema, name: string | null, type: string): SourceColumn {
  const column = columns.find((each) => each.name === name)
  if (!column) throw new Error(`There is no column ${name}`)
  return column.type === type ? column : { ...column, type: 'VARCHAR', encoding: 'plain' }
}

/** In a transaction with the settings of a read. */
async function asOurs<T>({ client }: SourceRoom, work: () => Promise<T>): Promise<T> {
  await beginReadOnly(client)
  try {
    return await work()
  } finally {
    await client.query('ROLLBACK')
  }
}
