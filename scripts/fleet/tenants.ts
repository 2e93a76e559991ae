import { newId } from '@/lib/core/ids'
import { linkSource } from '@/lib/sources/link-source'
import { hashPassword } from '@/lib/workspace/password'
import type { Random } from '../simulate/random'
import type { Place } from './relay'
import type { Settings } from './settings'
import { makeDatabase, urlOf, withClient, type SourceTable } from './source-table'
import { Ledger, Writer } from './writer'

/** A second for all sources together, so that the machine has something left for the syncs. */
const CHANGES_PER_SECOND = 30

/** Somebody who looks at a workspace. */
export interface Tenant {
  workspaceId: string
  email: string
  password: string
  sources: LinkedSource[]
}

export interface LinkedSource {
  sourceId: string
  url: string
  writer: Writer
  tables: LinkedTable[]
}

export interface LinkedTable {
  schemaId: string
  /** Its name in the warehouse. */
  name: string
  ledger: Ledger
}

/** Workspaces with an account each, since the program itself makes only the first one. */
export async function makeTenants(databaseUrl: string, count: number): Promise<Tenant[]> {
  const tenants = Array.from({ length: count }, (_, number): Tenant => ({ workspaceId: newId(), email: `owner${number + 1}@example.com`, password: newId(), sources: [] }))
  await withClient(databaseUrl, async (client) => {
    for (const { workspaceId, email, password } of tenants) {
      const userId = newId()
      await client.query('INSERT INTO "Workspace" ("id", "name") VALUES ($1, $2)', [workspaceId, email])
      await client.query('INSERT INTO "User" ("id", "email", "passwordHash") VALUES ($1, $2, $3)', [userId, email, await hashPassword(password)])
      await client.query(`INSERT INTO "Member" ("workspaceId", "userId", "role") VALUES ($1, $2, 'owner')`, [workspaceId, userId])
    }
  })
  return tenants
}

/** Databases of customers, filled, and linked as a person would link them: every table is due at once, and every five minutes from then on. */
export async function linkSources(tenants: Tenant[], sourceUrl: string, at: Place, settings: Settings, random: Random): Promise<void> {
  const sources = tenants.length * settings.sourcesPerWorkspace
  const pauseMs = (1_000 * sources) / CHANGES_PER_SECOND
  for (let number = 0; number < sources; number++) {
    const tenant = tenants[number % tenants.length]!
    const database = `customer_${number + 1}`
    const share = Math.floor(settings.schemas / sources) + (number < settings.schemas % sources ? 1 : 0)
    const ledgers = Array.from({ length: share }, (_, table) => new Ledger(tableOf(database, table, number, settings, random)))
    const url = await makeDatabase(sourceUrl, database, ledgers.map(({ table }) => table))
    const writer = new Writer(url, ledgers, random, pauseMs)
    await writer.look()
    tenant.sources.push({ url, writer, ...(await link(tenant.workspaceId, number, database, urlOf(sourceUrl, database), at, ledgers)) })
  }
}

function tableOf(database: string, number: number, ofSource: number, { largeRows }: Settings, random: Random): SourceTable {
  const isLarge = number === 0 && ofSource % 3 === 0
  return { database, name: `ledger_${String(number + 1).padStart(3, '0')}`, method: number % 2 ? 'full' : 'incremental', rows: isLarge ? largeRows : 10 + random.below(490) }
}

async function link(workspaceId: string, number: number, database: string, url: string, at: Place, ledgers: Ledger[]): Promise<Pick<LinkedSource, 'sourceId' | 'tables'>> {
  const { username, password } = new URL(url)
  const linked = await linkSource(workspaceId, {
    connector: 'postgres', name: database, prefix: `c${number + 1}`, frequency: 'five_minutes',
    config: { host: at.host, port: at.port, database, user: username, password, schema: 'public', sslmode: 'disable' },
    schemas: ledgers.map(({ table: { name, method } }) => ({ name, method, replicationKey: method === 'incremental' ? 'updated_at' : null })),
  })
  const byName = new Map(linked.schemas.map((schema) => [schema.name, schema]))
  const tables = ledgers.map((ledger): LinkedTable => {
    const schema = byName.get(ledger.table.name)
    if (!schema) throw new Error(`${ledger.table.name} was not linked`)
    return { schemaId: schema.id, name: schema.table, ledger }
  })
  return { sourceId: linked.sourceId, tables }
}
