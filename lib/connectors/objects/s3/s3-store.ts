import { AppError, type ErrorWords } from '@/lib/core/errors'

/** A store that speaks S3, and how people know it. */
export interface S3Store {
  /** "Amazon S3" */
  service: string
  /** Of addresses: `s3` makes `s3://bucket/key`. */
  scheme: string
  accessKeyId: string
  secretAccessKey: string
  /** Of keys that are good for some time only. */
  sessionToken?: string
  /** What requests are signed for. Null: the bucket's own, which is asked for. */
  region: string | null
  /** Where the buckets of a region are. */
  endpointOf(region: string): string
  /** Does a bucket's name stand before the host, where it can? Else it is the first part of the path. */
  isVirtualHosted: boolean
  /** What objects are asked for as. `gzip` where the store would unpack what was stored packed, whose length and ETag then were another's. */
  acceptEncoding: 'identity' | 'gzip'
  words: S3Words
}

/** What to do, in the store's own terms. */
export interface S3Words {
  /** About a key that is not accepted. */
  keys: string
  /** What a key lacks that may not list, or not read. */
  list(bucket: string): ErrorWords
  read(bucket: string): ErrorWords
  /** When the store itself fails. */
  status: string
}

export function noSuchBucket(store: S3Store, bucket: string, cause?: unknown): AppError {
  return new AppError('not_found', { title: `There is no bucket named ${bucket}`, detail: `${store.service} does not have it`, advice: 'Check its name in the address of the files' }, { cause })
}
