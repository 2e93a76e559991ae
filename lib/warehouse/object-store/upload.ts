import fs from 'node:fs/promises'
import type { CompletedPart } from '@aws-sdk/client-s3'
import { AppError } from '@/lib/core/errors'
import type { Bucket, S3 } from './bucket'
import { describeObject, describeOnce, MARK, type Described } from './describe-object'
import { fileDigest, md5Of } from './digest'
import { digestInBucket } from './download'
import { inParallel } from './in-parallel'
import { sizes } from './patience'
import { statusOf, codeOf, isUnknownFeature, Torn } from './storage-error'
import { fileDamaged } from './store'

export interface Uploaded {
  bytes: number
  sha256: string
  /** Was it there already, put by an attempt that did not hear of it? */
  wasThere: boolean
}

interface Source {
  key: string
  file: string
  bytes: number
  sha256: string
  signal: AbortSignal | undefined
}

/** What the store says of what it has taken: nothing that could be compared, the same, or something else. */
type Proof = 'none' | 'same' | 'other'

/**
 * Send a file, whole or in parts. A key is written once: what is there already is compared, never replaced. When it returns, the store has the very
 * bytes: it has checked each request against the SHA-256 that it was signed with, and told the MD5 of what it took, where it tells one.
 */
export async function upload(bucket: Bucket, key: string, file: string, signal?: AbortSignal): Promise<Uploaded> {
  const [{ size: bytes }, sha256] = await Promise.all([fs.stat(file), bucket.hashes.use(() => fileDigest(file, signal))])
  const source = { key, file, bytes, sha256, signal }
  const isSmall = bytes <= sizes.partBytes
  for (let tries = 1; ; tries++) {
    const there = isSmall && bucket.knowsConditions ? null : await describeObject(bucket, key, signal)
    const sent = there ? sameAsThere(source, there) : isSmall ? await putWhole(bucket, source) : await putParts(bucket, source)
    if (sent === 'there' || sent !== 'other' || !bucket.tagsAreDigests) return { bytes, sha256, wasThere: sent === 'there' }
    // the last word where tags say something else: what was sent is read again
    if ((await digestInBucket(bucket, { path: key, bytes }, signal)) === sha256) {
      bucket.tagsAreDigests = false
      return { bytes, sha256, wasThere: false }
    }
    await bucket.ask({ act: 'remove', key }, signal, ({ sdk, client, options }) => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(key) }), options))
    if (tries >= bucket.patience.tries) throw fileDamaged(key, 'arrives in the bucket in another state than it was sent in')
  }
}

function sameAsThere({ key, bytes, sha256 }: Source, there: Described): 'there' {
  if (there.bytes === bytes && there.sha256 === sha256) return 'there'
  throw new AppError('conflict', { title: 'The bucket of the warehouse has another file in this place', detail: `${key} is there with ${there.bytes} bytes and is to be written with ${bytes}`, advice: 'See whether two installations write into one place, and give each its own prefix' })
}

async function putWhole(bucket: Bucket, source: Source): Promise<Proof | 'there'> {
  return (source.bytes <= sizes.smallBytes ? bucket.smallSends : bucket.sends).use(async () => {
    const body = await fs.readFile(source.file)
    return bucket.ask({ act: 'write', key: source.key }, source.signal, (s3) =>
      once(bucket, source, s3, async (condition) => proofOf(await s3.client.send(new s3.sdk.PutObjectCommand({ ...placeOf(bucket, source), ...condition, Body: body, ContentLength: body.length, Metadata: { [MARK]: source.sha256 } }), s3.options), body)),
    )
  })
}

async function putParts(bucket: Bucket, source: Source): Promise<Proof | 'there'> {
  const place = placeOf(bucket, source)
  const doing = { act: 'write', key: source.key } as const
  const uploadId = await bucket.ask(doing, source.signal, async ({ sdk, client, options }) => {
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ ...place, Metadata: { [MARK]: source.sha256 } }), options)
    if (!UploadId) throw new Torn('an upload in parts was begun without a name')
    return UploadId
  })
  try {
    const { parts, proof } = await sendParts(bucket, source, uploadId)
    const completed = await bucket.ask(doing, source.signal, (s3) =>
      once(bucket, source, s3, async (condition) => {
        await s3.client.send(new s3.sdk.CompleteMultipartUploadCommand({ ...place, ...condition, UploadId: uploadId, MultipartUpload: { Parts: parts } }), s3.options)
        return proof
      }),
    )
    const found = await describeObject(bucket, source.key, source.signal)
    if (!found) throw fileDamaged(source.key, 'is not in the bucket after it was sent')
    sameAsThere(source, found)
    return completed
  } catch (error) {
    await abandon(bucket, source.key, uploadId)
    throw error
  }
}

async function sendParts(bucket: Bucket, { key, file, bytes, signal }: Source, uploadId: string): Promise<{ parts: CompletedPart[]; proof: Proof }> {
  const partBytes = Math.max(sizes.partBytes, Math.ceil(bytes / sizes.mostParts))
  const numbers = Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => index + 1)
  const parts: CompletedPart[] = numbers.map((PartNumber) => ({ PartNumber }))
  const proofs = new Set<Proof>()
  const handle = await fs.open(file, 'r')
  const send = (number: number, stop: AbortSignal) =>
    bucket.sends.use(async () => {
      const body = await readSpan(handle, (number - 1) * partBytes, Math.min(partBytes, bytes - (number - 1) * partBytes))
      await bucket.ask({ act: 'write', key }, stop, async ({ sdk, client, options }) => {
        const answer = await client.send(new sdk.UploadPartCommand({ Bucket: bucket.name, Key: bucket.keyOf(key), UploadId: uploadId, PartNumber: number, Body: body, ContentLength: body.length }), options)
        if (!answer.ETag) throw new Torn('a part was taken without a tag')
        const proof = proofOf(answer, body)
        // a part can be sent again without harm
        if (proof === 'other' && bucket.tagsAreDigests && proofs.has('same')) throw new Torn('a part arrived in another state than it was sent in')
        proofs.add(proof)
        parts[number - 1] = { PartNumber: number, ETag: answer.ETag }
      })
    })
  try {
    await inParallel(numbers, sizes.partsAtOnce, signal, send)
  } finally {
    await handle.close()
  }
  return { parts, proof: proofs.has('other') ? 'other' : proofs.has('none') ? 'none' : 'same' }
}

async function readSpan(handle: fs.FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(buffer, at, length - at, from + at)
    if (bytesRead === 0) throw new Error('The file became shorter while it was sent')
    at += bytesRead
  }
  return buffer
}

type Condition = { IfNoneMatch?: '*' }

/** Write under the condition that nothing is there. What an attempt has done without hearing of it is found there, and is as good. */
async function once(bucket: Bucket, source: Source, s3: S3, write: (condition: Condition) => Promise<Proof>): Promise<Proof | 'there'> {
  try {
    return await write(bucket.knowsConditions ? { IfNoneMatch: '*' } : {})
  } catch (error) {
    if (bucket.knowsConditions && isUnknownFeature(error)) bucket.knowsConditions = false
    else if (statusOf(error) !== 412 && !(codeOf(error) === 'NoSuchUpload' && s3.attempt > 1)) throw error
    const there = await describeOnce(bucket, source.key, s3)
    if (there) return sameAsThere(source, there)
    // keys name a run and its fence, so that without the condition no two writers meet either
    return write({})
  }
}

/** What the store tells of the bytes that it took. Encrypted with a key of the store’s owner, they have a tag that is no digest. */
function proofOf({ ETag, ChecksumSHA256, ServerSideEncryption }: { ETag?: string; ChecksumSHA256?: string; ServerSideEncryption?: string }, body: Uint8Array): Proof {
  if (ETag === undefined) throw new Torn('a file was taken without a tag')
  const tag = ETag.replaceAll('"', '').toLowerCase()
  if (tag === md5Of(body)) return 'same'
  return ChecksumSHA256 !== undefined || ServerSideEncryption?.startsWith('aws:kms') || !/^[0-9a-f]{32}$/.test(tag) ? 'none' : 'other'
}

/** The parts of an upload that ends without success cost money until they are removed; what is left here, the sweep removes. */
async function abandon(bucket: Bucket, key: string, uploadId: string): Promise<void> {
  await bucket
    .ask({ act: 'write', key }, AbortSignal.timeout(bucket.patience.connectMs), ({ sdk, client, options }) => client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket.name, Key: bucket.keyOf(key), UploadId: uploadId }), options))
    .catch(() => undefined)
}

function placeOf(bucket: Bucket, { key }: Source): { Bucket: string; Key: string; ContentType: string } {
  return { Bucket: bucket.name, Key: bucket.keyOf(key), ContentType: 'application/vnd.apache.parquet' }
}
