import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { Bucket } from './bucket'
import { BucketStore } from './bucket-store'
import { FileCache } from './file-cache'
import type { Patience } from './patience'
import type { StoredFile } from './store'

export const MB = 1024 * 1024

/** Short enough for a test, long enough for a busy machine. */
export const SHORT: Patience = { attempts: 4, firstPauseMs: 1, longestPauseMs: 5, connectMs: 10_000, idleMs: 20_000, tries: 2 }

export interface BucketForTest {
  endpoint: string
  name: string
  accessKey: string
  secretKey: string
}

/** A store with a cache of its own, and a folder to hold files in. */
export function storeForTest(given: BucketForTest, { prefix = 'wh/', cacheBytes = 1000 * MB, patience = SHORT, cache = newFolder('cache') }: { prefix?: string; cacheBytes?: number; patience?: Patience; cache?: string } = {}) {
  const { endpoint, name, accessKey, secretKey } = given
  const bucket = new Bucket({ url: `s3://${name}/${prefix}`, name, prefix, endpoint, region: 'us-east-1', keys: { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken: undefined } }, patience)
  return { bucket, cache, store: new BucketStore(bucket, new FileCache(cache, cacheBytes)), folder: newFolder('held') }
}

export function newFolder(kind: string): string {
  return mkdtempSync(path.join(dataFolder(), `${kind}-`))
}

let numbers = 0

/** A finished local file of random bytes, and what it is to be in the store. */
export async function newFile(bytes: number): Promise<StoredFile & { local: string; content: Buffer }> {
  const content = randomBytes(bytes)
  const number = ++numbers
  const local = path.join(newFolder('staged'), `${number}.parquet`)
  await writeFile(local, content)
  return { path: `workspace/schema/data/run-1-${number}.parquet`, bytes, local, content }
}
