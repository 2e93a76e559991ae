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
    throw databaseUrlError(url, cause)
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

/** What is wrong with the address of our own database, told apart. The words never hold its password. */
function databaseUrlError(url: string, cause: unknown): AppError {
  if (!URL.canParse(url)) {
    return new AppError('bad_config', { title: 'The environment variable DATABASE_URL cannot be used', detail: 'It is no address', advice: 'Write it as postgresql://user:password@host:5432/database, with special characters of the password percent-encoded' }, { cause })
  }
  const { hostname, port, username, pathname } = new URL(url)
  const where = `${hostname}:${port || '5432'}`
  const code = String((cause as { code?: unknown }).code ?? '')
  const detail = cause instanceof Error && cause.message ? cause.message : code
  const words = (title: string, advice: string) => ({ title, detail, advice })
  if (code === '28P01' || code === '28000' || /password/i.test(detail)) {
    return new AppError('credentials', words(`Sign-in to the database of DATABASE_URL was refused for ${decodeURIComponent(username)} at ${where}`, 'Check the user and the password in DATABASE_URL'), { cause })
  }
  if (code === '3D000') return new AppError('no_such_database', words(`There is no database${decodeURIComponent(pathname.replace('/', ' '))} at ${where}`, 'Create it, or correct its name in DATABASE_URL'), { cause })
  if (code === '42501') return new AppError('permission', words('The account of DATABASE_URL may not make tables', 'Make it the owner of the database, or grant it CREATE on the schema public'), { cause })
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)$/.test(code) || /timeout expired/.test(detail)) {
    return new AppError('unreachable', words(`No database answers at ${where}, the address in DATABASE_URL`, 'Check the host and the port, and that the server runs; or remove DATABASE_URL to use the embedded database'), { cause })
  }
  return new AppError('unreachable', words('The database of DATABASE_URL cannot be used', 'Check the address, the user and the password in DATABASE_URL'), { cause })
}
