import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { migrationNames, migrationsFolder } from './migration-names'

/** The advisory lock that Prisma Migrate itself takes. */
const PRISMA_LOCK = 72707369

/**
 * Apply prisma/migrations in Prisma's own bookkeeping, so that `prisma migrate` works on the same database.
 * Safe from many processes at once. Gives the names of the migrations that were applied.
 */
export async function migrate(url: string, folder = migrationsFolder()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: limits.connectSeconds * 1000 })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
    const { rows } = await client.query<{ migration_name: string; finished_at: Date | null }>('select migration_name, finished_at from _prisma_migrations where rolled_back_at is null')
    const unfinished = rows.find((row) => !row.finished_at)
    if (unfinished) throw new AppError('conflict', { title: `The migration ${unfinished.migration_name} failed earlier`, advice: 'Repair it with: npx prisma migrate resolve' })
    const known = new Set(rows.map((row) => row.migration_name))
    const applied: string[] = []
    for (const name of migrationNames(folder)) {
      if (known.has(name)) continue
      await applyOne(client, name, fs.readFileSync(path.join(folder, name, 'migration.sql'), 'utf8'))
      applied.push(name)
    }
    return applied
  } finally {
    await client.end()
  }
}

async function applyOne(client: pg.Client, name: string, sql: string): Promise<void> {
  const checksum = createHash('sha256').update(sql).digest('hex')
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query('insert into _prisma_migrations(id, checksum, migration_name, finished_at, applied_steps_count) values ($1,$2,$3,now(),1)', [randomUUID(), checksum, name])
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    throw new AppError('internal', { title: `The migration ${name} failed`, detail: cause instanceof Error ? cause.message : undefined }, { cause })
  }
}
