import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { parseAnswer } from '../../parse-answer'
import type { ListedObject } from '../object-access'
import { fingerprintOf } from '../fingerprint'
import { partOf, type KeyRange } from '../key-range'
import type { S3Session } from './s3-session'
import type { S3Store } from './s3-store'

const PAGE = 1000

const Page = z.object({
  Name: z.string(),
  IsTruncated: z.boolean().default(false),
  NextContinuationToken: z.string().optional(),
  EncodingType: z.string().optional(),
  Contents: z.array(z.object({ Key: z.string(), Size: z.number().int().min(0), ETag: z.string().optional(), LastModified: z.date().optional() })).default([]),
})

export interface PageOptions {
  /** Objects of a page, at most. */
  most?: number
  /** Only these keys; NotInOrder is thrown when the store lists in another order. */
  range?: KeyRange
}

/** Every object whose key begins with the prefix. Keys come percent-encoded: XML cannot hold every letter that a key may have. */
export async function* listPages(session: S3Session, store: S3Store, bucket: string, prefix: string, signal: AbortSignal, { most = PAGE, range = {} }: PageOptions = {}): AsyncGenerator<ListedObject[]> {
  const [client, { ListObjectsV2Command }] = await Promise.all([session.client(signal), import('@aws-sdk/client-s3')])
  let before: string | undefined
  for (let token: string | undefined; ; ) {
    const answer = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: most, EncodingType: 'url', StartAfter: token === undefined ? range.after : undefined, ContinuationToken: token }), { abortSignal: signal })
    const page = parseAnswer(Page, answer, store.service)
    const isEncoded = page.EncodingType === 'url'
    const objects = page.Contents.map(({ Key, Size, ETag, LastModified }) => ({ key: isEncoded ? decoded(Key, store) : Key, bytes: Size, modifiedAt: LastModified?.toISOString() ?? null, fingerprint: fingerprintOf(ETag, Size) }))
    const part = partOf(objects, range, before)
    before = objects.at(-1)?.key ?? before
    yield part.objects
    if (part.isEnd || !page.IsTruncated) return
    if (page.NextContinuationToken === undefined || page.NextContinuationToken === token) throw new AppError('source', { title: `The listing of ${store.service} has no end`, detail: `${bucket}: it says that there is more, and not where`, advice: store.words.status })
    token = page.NextContinuationToken
  }
}

function decoded(key: string, store: S3Store): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch (cause) {
    throw new AppError('source', { title: `The answer is not one of ${store.service}’s`, detail: 'A key in the listing is not encoded as was asked for', advice: store.words.status }, { cause })
  }
}
