import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { setEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { disconnect, prisma } from '@/lib/db/client'
import { isPostmaster, readNumber } from '@/lib/db/embedded/process-lock'
import { startEmbeddedPostgres, type EmbeddedServer } from '@/lib/db/embedded/server'
import { migrate } from '@/lib/db/migrate'
import { createDatabase } from '@/lib/db/open-database'
import { insertSource } from '@/lib/db/sources'
import { closeJobs } from '@/lib/jobs/enqueue'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import { startCarelessPostgres } from '../careless-postgres'
import { CutRelay } from './cut-relay'
import { Disks } from './disks'
import { Hands } from './hands'

const DATABASE = 'crash'

export interface SourceUrl {
  host: string
  port: number
  database: string
  user: string
  password: string
}

/** Where histories happen, one after the other: a database of the product's own, which may be killed; data folders, whose disks may be full; a source, whose connections may be cut; and processes that wait for orders. */
export class Room {
  private constructor(
    readonly folder: string,
    private server: EmbeddedServer,
    readonly disks: Disks,
    readonly sourceUrl: string,
    readonly source: pg.Client,
    readonly relay: CutRelay,
    readonly command: string[],
    readonly hands: Hands,
    readonly workspaceId: string,
    private readonly engine: Engine,
  ) {}

  static async open(folder: string, sourceUrl: string, command: string[]): Promise<Room> {
    const own = path.join(folder, 'own')
    mkdirSync(own, { recursive: true })
    chmodSync(folder, 0o711) // the account of the database passes through it
    const server = await startCarelessPostgres(own)
    await createDatabase(server.urlFor('postgres'), DATABASE)
    await migrate(server.urlFor(DATABASE))
    const disks = new Disks(path.join(folder, 'data'))
    setEnv({ DATABASE_URL: server.urlFor(DATABASE), TRIBUTARY_DATA: disks.data('one') })
    const source = new pg.Client({ connectionString: sourceUrl })
    await source.connect()
    const relay = await CutRelay.open(Number(new URL(sourceUrl).port))
    const workspaceId = await newWorkspace('histories')
    // one instance of the engine for all that is done in this process, as in a worker that always has something to do
    const engine = await openEngine(new AbortController().signal)
    return new Room(folder, server, disks, sourceUrl, source, relay, command, new Hands([...command, 'hand']), workspaceId, engine)
  }

  get databaseUrl(): string {
    return this.server.urlFor(DATABASE)
  }

  /** A table of the source, linked, with nothing synced yet; its schedule is not due in the time of the rig. */
  async link(workspaceId: string, table: string, schema: Pick<Parameters<typeof insertSource>[1][number], 'method' | 'replicationKey' | 'keyColumns' | 'reconcileFrequency'>): Promise<{ sourceId: string; schemaId: string }> {
    const [sourceId, schemaId] = [newId(), newId()]
    const { username, password, pathname } = new URL(this.sourceUrl)
    const { host, port } = this.relay.place
    const config = { host, port, database: pathname.slice(1), user: username, schema: 'public', sslmode: 'disable', ca: '' }
    await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `source ${sourceId}`, prefix: `p${sourceId.slice(-8)}`, config, sealedSecrets: sealSecrets(sourceId, { password }) }, [{
      id: schemaId, name: table, location: { namespace: 'public', table }, tableName: `t${schemaId.slice(-8)}`, enabled: true, columnNames: null, frequency: 'month', discovered: {}, nextRunAt: null, ...schema,
    }])
    return { sourceId, schemaId }
  }

  /** As kill -9 would: nobody is told, nothing is closed in order. */
  killDatabase(): void {
    const cluster = path.join(this.folder, 'own', 'postgres', 'cluster')
    const pid = readNumber(path.join(cluster, 'postmaster.pid'))
    if (!pid || !isPostmaster(pid, cluster)) throw new Error('The database that is to be killed does not run')
    process.kill(pid, 'SIGKILL')
  }

  /** By the product's own way to start it. */
  async startDatabase(): Promise<void> {
    this.server = await startEmbeddedPostgres(path.join(this.folder, 'own'))
    await disconnect()
    setEnv({ DATABASE_URL: this.databaseUrl })
    await prisma().$queryRaw`SELECT 1`
  }

  async close(): Promise<void> {
    await this.hands.close()
    await this.engine.close()
    await closeJobs()
    await this.source.end()
    await this.relay.close()
    await disconnect()
    await this.server.release()
    this.disks.close()
  }
}

export async function newWorkspace(name: string): Promise<string> {
  return (await prisma().workspace.create({ data: { id: newId(), name } })).id
}
