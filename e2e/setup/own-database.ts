import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../lib/db/embedded/server'

export interface OwnDatabase {
  host: string
  port: number
  database: string
  /** A user that may only read, and not every table. */
  user: string
  password: string
  /** Run SQL as the owner of the database. */
  run(sql: string): Promise<void>
  /** Take the sources whose prefix begins so out of the installation, as other specs expect to find it. */
  unlink(prefix: string): Promise<void>
  drop(): Promise<void>
}

/** A customer's database on the installation's own server, with a reading user. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const server = await startEmbeddedPostgres(process.env.E2E_DATA)
  const database = `customer_${randomBytes(4).toString('hex')}`
  const user = `${database}_reader`
  const password = randomBytes(8).toString('hex')
  await run(server.urlFor('postgres'), `create database ${database}`)
  await run(server.urlFor('postgres'), `create role ${user} login password '${password}'`)
  return {
    host: '127.0.0.1', port: server.port, database, user, password,
    run: (sql) => run(server.urlFor(database), sql),
    unlink: (prefix) => run(server.urlFor('tributary'), `delete from "Source" where prefix like '${prefix}%'`),
    async drop() {
      await run(server.urlFor('postgres'), `drop database ${database} with (force)`)
      await run(server.urlFor('postgres'), `drop role ${user}`)
      await server.release()
    },
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
