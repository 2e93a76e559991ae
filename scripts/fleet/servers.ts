import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { setEnvDefaults } from '@/lib/core/env'
import { isPostmaster, readNumber } from '@/lib/db/embedded/process-lock'
import { startEmbeddedPostgres, type EmbeddedServer } from '@/lib/db/embedded/server'
import { createDatabase } from '@/lib/db/open-database'
import { clientOf } from '@/test/servers/ceph/client'
import { startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { startCarelessPostgres } from '../careless-postgres'
import type { Places } from './network'

export const BUCKET = 'fleet'

/** What the fleet shares, as it is reached without any network in between. */
export interface Servers {
  databaseUrl: string
  /** Of the superuser, in any database of it. */
  sourceUrl: string
  bucket: Pick<RadosGateway, 'endpoint' | 'accessKey' | 'secretKey'>
  /** The database falls over and comes back; absent: it is somebody else's. */
  restartDatabase?: () => Promise<void>
  restartBucket: () => Promise<void>
  close(): Promise<void>
}

export function placesOf({ databaseUrl, sourceUrl, bucket }: Servers): Places {
  const place = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) })
  return { database: place(databaseUrl), source: place(sourceUrl), bucket: place(bucket.endpoint) }
}

export async function startBucket(): Promise<RadosGateway> {
  // which Node the vendor's client will need next year is no news here
  setEnvDefaults({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' })
  const gateway = await startRadosgw()
  await clientOf(gateway).send(new CreateBucketCommand({ Bucket: BUCKET }))
  return gateway
}

/** Two PostgreSQLs, one of the program and one that plays the customers', and a bucket. */
export async function startServers(folder: string): Promise<Servers> {
  const [own, customers] = ['own', 'customers'].map((name) => path.join(folder, name)) as [string, string]
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.toReversed()) await closer()
  }
  try {
    const database = await startPostgres(own)
    closers.push(() => database.release())
    const source = await startPostgres(customers)
    closers.push(() => source.release())
    const bucket = await startBucket()
    closers.push(() => bucket.stop())
    await createDatabase(database.urlFor('postgres'), 'fleet')
    return { databaseUrl: database.urlFor('fleet'), sourceUrl: source.urlFor('postgres'), bucket, restartDatabase: () => fallOver(own), restartBucket: () => bucket.restart(), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startPostgres(data: string): Promise<EmbeddedServer> {
  mkdirSync(data, { recursive: true })
  chmodSync(data, 0o700)
  return startCarelessPostgres(data)
}

/** As if its process had crashed: nobody is told, nothing is closed in order. It comes back at the same port. */
async function fallOver(data: string): Promise<void> {
  const cluster = path.join(data, 'postgres', 'cluster')
  const pid = readNumber(path.join(cluster, 'postmaster.pid'))
  if (pid && isPostmaster(pid, cluster)) process.kill(pid, 'SIGQUIT')
  await startEmbeddedPostgres(data)
}
