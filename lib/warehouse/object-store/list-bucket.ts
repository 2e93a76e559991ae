import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3'
import { logger } from '@/lib/core/logger'
import type { Bucket } from './bucket'
import { inParallel } from './in-parallel'
import { sizes } from './patience'
import { codeOf, isUnknownFeature, statusOf } from './storage-error'
import type { StoredObject } from './store'

const HOUR_MS = 3_600_000

interface Marker {
  KeyMarker?: string
  UploadIdMarker?: string | undefined
}

export async function* listBucket(bucket: Bucket, prefix: string): AsyncGenerator<StoredObject> {
  let token: string | undefined
  do {
    const from = token
    const page = await bucket.ask({ act: 'list' }, undefined, ({ sdk, client, options }) => client.send(new sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix: bucket.keyOf(prefix), ContinuationToken: from }), options))
    for (const { Key, Size } of page.Contents ?? []) {
      if (Key?.startsWith(bucket.settings.prefix)) yield { key: Key.slice(bucket.settings.prefix.length), bytes: Size ?? 0 }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token !== undefined && token !== '')
}

/** What is gone already is fine. */
export async function removeFromBucket(bucket: Bucket, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += sizes.removedAtOnce) await removeSome(bucket, keys.slice(at, at + sizes.removedAtOnce))
}

async function removeSome(bucket: Bucket, keys: string[]): Promise<void> {
  const isDone = await bucket.ask({ act: 'remove' }, undefined, async ({ sdk, client, options }) => {
    const { Errors = [] } = await client.send(new sdk.DeleteObjectsCommand({ Bucket: bucket.name, Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: bucket.keyOf(key) })) } }), options).catch((error: unknown) => {
      if (isLackOfMany(error)) return { Errors: [{ Code: 'NotImplemented' }] }
      throw error
    })
    const failed = Errors.find(({ Code }) => Code !== 'NoSuchKey')
    if (failed?.Code === 'NotImplemented') return false
    // as if it had been asked for alone
    if (failed) throw Object.assign(new Error('A file was not removed'), { name: failed.Code ?? '', $metadata: { httpStatusCode: failed.Code === 'AccessDenied' ? 403 : 503 } })
    return true
  })
  if (!isDone) await inParallel(keys, sizes.filesAtOnce, undefined, (key) => removeOne(bucket, key))
}

async function removeOne(bucket: Bucket, key: string): Promise<void> {
  await bucket.ask({ act: 'remove', key }, undefined, ({ sdk, client, options }) => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(key) }), options))
}

/** Some stores remove one file at a time only, and some want a checksum of the request that the others have given up. */
function isLackOfMany(error: unknown): boolean {
  return isUnknownFeature(error) || ['MethodNotAllowed', 'MissingContentMD5', 'InvalidRequest'].includes(codeOf(error))
}

/** Parts of uploads whose process died are seen in no listing of files, and are paid for like files. */
export async function removeAbandonedUploads(bucket: Bucket, now = Date.now()): Promise<number> {
  let removed = 0
  try {
    for (let next: Marker | undefined = {}; next; ) {
      const from: Marker = next
      const page: ListMultipartUploadsCommandOutput = await bucket.ask({ act: 'list' }, undefined, ({ sdk, client, options }) => client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: bucket.settings.prefix, ...from }), options))
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Key?.startsWith(bucket.settings.prefix) || !UploadId || !Initiated || now - Initiated.getTime() < sizes.abandonedUploadHours * HOUR_MS) continue
        await bucket.ask({ act: 'write' }, undefined, ({ sdk, client, options }) => client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket.name, Key, UploadId }), options).catch(ignoreGone))
        removed++
      }
      next = page.IsTruncated && page.NextKeyMarker ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined
    }
  } catch (error) {
    // it costs somebody money, and no table anything
    logger('storage').warn({ err: error }, 'uploads that were broken off could not be removed from the bucket')
  }
  return removed
}

/** Another worker was faster. */
function ignoreGone(error: unknown): void {
  if (statusOf(error) !== 404) throw error
}
