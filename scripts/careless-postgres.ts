import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedServer } from '@/lib/db/embedded/server'

/** Starts the PostgreSQL of a rig. What is committed survives the end of its processes, not that of the machine's power; `also`: more settings that are switched off. */
export async function startCarelessPostgres(folder: string, also: 'synchronous_commit'[] = []): Promise<EmbeddedServer> {
  const server = await startEmbeddedPostgres(folder)
  const client = new pg.Client({ connectionString: server.urlFor('postgres') })
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes', ...also]) await client.query(`alter system set ${setting} = off`)
  await client.query('select pg_reload_conf()')
  await client.end()
  return server
}
