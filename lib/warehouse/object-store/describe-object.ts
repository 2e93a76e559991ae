import type { Bucket, S3 } from './bucket'
import { statusOf } from './storage-error'

/** Where the SHA-256 of a file stands in its metadata: any store keeps it, and no machine has to have seen the file before. */
export const MARK = 'tributary-sha256'

export interface Described {
  bytes: number
  /** Undefined: somebody else put it there. */
  sha256: string | undefined
}

/** What the bucket has under a key; null when it has nothing. */
export function describeObject(bucket: Bucket, key: string, signal?: AbortSignal): Promise<Described | null> {
  return bucket.ask({ act: 'read', key }, signal, (s3) => describeOnce(bucket, key, s3))
}

export async function describeOnce(bucket: Bucket, key: string, { sdk, client, options }: S3): Promise<Described | null> {
  try {
    const { ContentLength, Metadata } = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(key) }), options)
    return { bytes: ContentLength ?? -1, sha256: Metadata?.[MARK] }
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}
