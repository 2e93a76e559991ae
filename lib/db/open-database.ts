import pg from 'pg'
import { env, setEnv } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { disconnect } from './client'
import { startEmbeddedPostgres } from './embedded/server'
import { migrate } from './migrate'

const DATABASE = 'tributary'

export interface OpenDatabase {
  url: string
  close(): Promise<void>
}

/**
 * Make our own database ready for this process: the one of DATABASE_URL, else the embedded one, with
 * every migration applied. Sets DATABASE_URL for this process and its children.
 */
export async function openDatabase(say: (words: string) => void = () => {}): Promise<OpenDatabase> {
  const given = env().DATABASE_URL
  const server = given ? undefined : await startEmbeddedPostgres(undefined, say)
  const url = given ?? server!.urlFor(DATABASE)
  if (server) await createDatabase(server.urlFor('postgres'), DATABASE)
  try {
    await migrate(url)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unreachable', { title: 'The database of DATABASE_URL cannot be used', detail: cause instanceof Error ? cause.message : undefined, advice: 'Check the address, the user and the password in DATABASE_URL' }, { cause })
  }
  setEnv({ DATABASE_URL: url })
  return {
    url,
    async close() {
      await disconnect()
      await server?.release()
    },
  }
}

/** Create a database unless it is there. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
