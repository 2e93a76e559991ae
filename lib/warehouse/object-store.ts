import path from 'node:path'
import { dataFolder, env } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { Bucket } from './object-store/bucket'
import { bucketSettings } from './object-store/bucket-settings'
import { BucketStore } from './object-store/bucket-store'
import { FileCache } from './object-store/file-cache'
import { localStore } from './object-store/local-store'
import type { ObjectStore } from './object-store/store'

// Next bundles this module more than once; one client and one cache serve them all.
const holder = globalThis as unknown as { tributaryBucket?: { settings: string; store: BucketStore } }

/** The store of this installation: the bucket of WAREHOUSE_URL, else a folder. */
export function objectStore(): ObjectStore {
  const { WAREHOUSE_URL, WAREHOUSE_CACHE_BYTES } = env()
  if (!WAREHOUSE_URL) return localStore(warehouseFolder())
  const given = { bucket: bucketSettings(WAREHOUSE_URL), cache: path.join(dataFolder(), 'cache'), cacheBytes: WAREHOUSE_CACHE_BYTES ?? limits.warehouseCacheBytes }
  const settings = JSON.stringify(given)
  if (holder.tributaryBucket?.settings !== settings) holder.tributaryBucket = { settings, store: new BucketStore(new Bucket(given.bucket), new FileCache(given.cache, given.cacheBytes), warehouseFolder()) }
  return holder.tributaryBucket.store
}

/** Where the files of an installation without a bucket are. */
export function warehouseFolder(): string {
  return path.join(dataFolder(), 'warehouse')
}
