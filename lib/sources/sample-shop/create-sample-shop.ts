import { createHash } from 'node:crypto'
import pg from 'pg'
import { AppError } from '@/lib/core/errors'
import { keptSecret } from '@/lib/core/secret-box'
import { databaseUrl } from '@/lib/db/client'
import { createEveryType, optionalTypes } from './every-type'
import { fillings } from './rows'
import { createTables, finishTables } from './tables'
import { createWords } from './words'

const FINISHED = 'Tributary sample shop'
const UNFINISHED = 'Tributary sample shop, being made'
const NAME_BYTES = 63

/** A type and not an interface, so that it passes as the values of a connector's form. */
export type SampleShop = {
  host: string
  port: number
  database: string
  user: string
  password: string
  schema: string
  sslmode: string
}

/**
 * A real shop's database on the server of our own database, made when it is not there: some 200,000 rows, the same
 * ones on every machine. A creation that was interrupted is done again; two at once make one shop. Gives what a
 * person would type to link it: an account that may only read.
 *
 * Throws an AppError when the server does not let us create databases or accounts.
 */
export async function createSampleShop(say: (words: string) => void = () => {}): Promise<SampleShop> {
  const own = new pg.Client({ connectionString: databaseUrl() })
  await own.connect()
  try {
    const { rows } = await own.query<{ name: string }>('select current_database() as name')
    const names = namesFor(rows[0]?.name ?? 'tributary')
    const password = keptSecret('sample-shop')
    await own.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [names.database])
    await createReader(own, names.user, password)
    if (await needsFilling(own, names.database)) await createShop(own, names, say)
    const server = new URL(databaseUrl())
    return {
      host: own.host,
      port: own.port,
      ...names,
      password,
      schema: 'public',
      sslmode: server.searchParams.get('sslmode') ?? 'prefer',
    }
  } catch (error) {
    throw inWords(error)
  } finally {
    await own.end()
  }
}

/** Two installations may share a server: the shop is named after our own database. */
function namesFor(own: string): { database: string; user: string } {
  const longest = NAME_BYTES - '_sample_reader'.length
  const base = Buffer.byteLength(own) <= longest ? own : createHash('sha256').update(own).digest('hex').slice(0, 32)
  return { database: `${base}_sample_shop`, user: `${base}_sample_reader` }
}

async function createReader(own: pg.Client, user: string, password: string): Promise<void> {
  const { rowCount } = await own.query('select 1 from pg_roles where rolname = $1', [user])
  // no bound values in a role's statement: the name and the password are quoted
  const options = `login password ${pg.escapeLiteral(password)}`
  await own.query(rowCount ? `alter role ${pg.escapeIdentifier(user)} ${options}` : `create role ${pg.escapeIdentifier(user)} ${options}`)
}

async function needsFilling(own: pg.Client, database: string): Promise<boolean> {
  const { rows } = await own.query<{ comment: string | null }>(`select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`, [database])
  return rows[0]?.comment !== FINISHED
}

async function createShop(own: pg.Client, { database, user }: { database: string; user: string }, say: (words: string) => void): Promise<void> {
  say('Making the sample shop')
  const name = pg.escapeIdentifier(database)
  await refuseForeign(own, database)
  await own.query(`drop database if exists ${name} with (force)`)
  await own.query(`create database ${name} template template0 encoding 'UTF8'`)
  await own.query(`comment on database ${name} is ${pg.escapeLiteral(UNFINISHED)}`)
  const url = new URL(databaseUrl())
  url.pathname = `/${encodeURIComponent(database)}`
  const shop = new pg.Client({ connectionString: url.href })
  await shop.connect()
  try {
    await fill(shop, pg.escapeIdentifier(user), say)
  } finally {
    await shop.end()
  }
  await own.query(`comment on database ${name} is ${pg.escapeLiteral(FINISHED)}`)
}

/** Only a database that we made is ever dropped. */
async function refuseForeign(own: pg.Client, database: string): Promise<void> {
  const { rows } = await own.query<{ comment: string | null }>(`select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`, [database])
  if (!rows[0] || rows[0].comment === UNFINISHED) return
  throw new AppError('conflict', {
    title: `There is already a database named ${database}`,
    detail: 'It does not say that it is the sample shop, so it is left alone',
    advice: 'Rename or drop it, then try again',
  })
}

async function fill(shop: pg.Client, reader: string, say: (words: string) => void): Promise<void> {
  await shop.query(`set synchronous_commit = off; set work_mem = '64MB'; set jit = off; set time zone 'UTC'`)
  await shop.query(createTables)
  await shop.query(createWords)
  for (const { words, sql } of fillings) {
    say(words)
    await shop.query(sql)
  }
  await shop.query(createEveryType)
  for (const sql of optionalTypes) {
    await shop.query(sql).catch((error: pg.DatabaseError) => {
      // feature_not_supported, undefined_file, insufficient_privilege: this server has no such type for us
      if (!['0A000', '58P01', '42501'].includes(error.code ?? '')) throw error
    })
  }
  say('Sample shop: keys and indexes')
  await shop.query(finishTables)
  await shop.query(`grant usage on schema public to ${reader}; grant select on all tables in schema public to ${reader};
    alter default privileges in schema public grant select on tables to ${reader}`)
}

function inWords(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof pg.DatabaseError)) return error
  if (error.code === '42501') {
    return new AppError('permission', {
      title: 'The sample shop cannot be made on this server',
      detail: error.message,
      advice: 'Give the account of DATABASE_URL the rights CREATEDB and CREATEROLE, or link a database of your own instead',
    }, { cause: error })
  }
  if (error.code === '53100') return new AppError('storage_full', { title: 'The disk is full: the sample shop cannot be made', advice: 'Free some space, then try again' }, { cause: error })
  return error
}
