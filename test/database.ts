import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { disconnect } from '@/lib/db/client'

export interface FreshDatabase {
  url: string
  drop(): Promise<void>
}

export interface FreshServerDatabase extends FreshDatabase {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** A migrated database of our own, empty, with DATABASE_URL set to it. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = freshName('own')
  await asSuperuser(`create database ${name} template ${inject('testServer').template} strategy file_copy`)
  const url = superuserUrl(name)
  setEnv({ DATABASE_URL: url })
  return {
    url,
    async drop() {
      await disconnect()
      await dropDatabase(name)
    },
  }
}

/** An empty database that plays a customer's source; its user is the superuser, so that a test may make roles. */
export async function freshServerDatabase(): Promise<FreshServerDatabase> {
  const { host, port, user, password } = inject('testServer')
  const database = freshName('source')
  await asSuperuser(`create database ${database} strategy file_copy`)
  return { host, port, user, password, database, url: superuserUrl(database), drop: () => dropDatabase(database) }
}

/** A connection string of the superuser of the test server. */
export function superuserUrl(database = 'postgres'): string {
  const { host, port, user, password } = inject('testServer')
  return `postgresql://${user}:${password}@${host}:${port}/${database}`
}

/** Run one statement as the superuser, outside any test database: to make databases and roles, or to end sessions. */
export async function asSuperuser<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: superuserUrl() })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

async function dropDatabase(name: string): Promise<void> {
  await asSuperuser(`drop database if exists ${name} with (force)`)
}

function freshName(kind: string): string {
  return `test_${kind}_${randomBytes(6).toString('hex')}`
}
