import { PrismaPg } from '@prisma/adapter-pg'
import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { PrismaClient } from './generated/client'
import { ownConnections } from './own-connections'

const POOL_SIZE = 10
/** A busy machine needs longer than the two seconds, and five, that Prisma would give. */
const transactionOptions = { maxWait: limits.database.connectSeconds * 1_000, timeout: limits.database.idleSeconds * 1_000 }

// Next bundles this module more than once; one pool serves them all.
const shared = globalThis as unknown as { tributaryPrisma?: { url: string; client: PrismaClient } }

/** The one client, made on first use: `next build` imports route modules where there is no database. */
export function prisma(): PrismaClient {
  const url = databaseUrl()
  if (shared.tributaryPrisma?.url !== url) {
    shared.tributaryPrisma = { url, client: new PrismaClient({ adapter: new PrismaPg({ ...ownConnections(url), max: POOL_SIZE }), transactionOptions }) }
  }
  return shared.tributaryPrisma.client
}

/** The connection string of our own database. */
export function databaseUrl(): string {
  const url = env().DATABASE_URL
  if (!url) throw new AppError('bad_config', { title: 'The database is not started', advice: 'Start Tributary with npm start, or set DATABASE_URL' })
  return url
}

/** Close the pool, so that the process can end. */
export async function disconnect(): Promise<void> {
  await shared.tributaryPrisma?.client.$disconnect()
  delete shared.tributaryPrisma
}
