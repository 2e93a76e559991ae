import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import type { Bucket } from './bucket'
import { MARK } from './describe-object'
import { fileDigest } from './digest'
import { inParallel } from './in-parallel'
import { sizes } from './patience'
import { codeOf, statusOf, Torn } from './storage-error'
import { fileDamaged, fileGone, type StoredFile } from './store'

interface Span {
  from: number
  to: number
}

/**
 * Bring a file here under a new name, durable and in the very state in which it was written; gives its SHA-256. One that arrives in another state is fetched
 * again some times. Throws AppError; then there is no file.
 */
export async function download(bucket: Bucket, file: StoredFile, target: string, signal?: AbortSignal): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      const meant = await fetchTo(bucket, file, target, signal)
      const sha256 = await bucket.hashes.use(() => fileDigest(target, signal))
      // a file that was copied into the bucket by other means tells its length alone
      if (meant === undefined || meant === sha256) return sha256
    } catch (error) {
      await fs.rm(target, { force: true })
      throw error
    }
    await fs.rm(target, { force: true })
    if (tries >= bucket.patience.tries) throw fileDamaged(file.path, 'has other bytes in the bucket than were written')
  }
}

/** The SHA-256 of the bytes that the bucket has, read from the first to the last. */
export async function digestInBucket(bucket: Bucket, file: StoredFile, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256')
  await bucket.fetches.use(() => fetchSpan(bucket, file, { from: 0, to: file.bytes }, async (chunk) => void hash.update(chunk), signal))
  return hash.digest('hex')
}

/** Fetch all bytes, in several ranges at once when they are many; gives the SHA-256 that they were written with, where the bucket tells it. */
async function fetchTo(bucket: Bucket, file: StoredFile, target: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const handle = await fs.open(target, 'wx', 0o600)
  let meant: string | undefined
  try {
    await inParallel(spansOf(file.bytes), sizes.rangesAtOnce, signal, async (span, stop) => {
      meant = await bucket.fetches.use(() => fetchSpan(bucket, file, span, (chunk, at) => writeAt(handle, chunk, at), stop))
    })
    await handle.datasync()
    return meant
  } finally {
    await handle.close()
  }
}

function spansOf(bytes: number): Span[] {
  const count = Math.max(1, Math.ceil(bytes / sizes.partBytes))
  return Array.from({ length: count }, (_, index) => ({ from: index * sizes.partBytes, to: Math.min(bytes, (index + 1) * sizes.partBytes) }))
}

/** `take` gets every byte once and in order. */
async function fetchSpan(bucket: Bucket, file: StoredFile, { from, to }: Span, take: (chunk: Buffer, at: number) => Promise<void>, signal: AbortSignal | undefined): Promise<string | undefined> {
  let at = from
  return bucket.ask({ act: 'read', key: file.path }, signal, async ({ sdk, client, options }) => {
    // an attempt goes on where the one before broke off
    const isPart = at > 0 || to < file.bytes
    const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(file.path), ...(isPart ? { Range: `bytes=${at}-${to - 1}` } : {}) }), options).catch((error: unknown) => {
      throw codeOf(error) === 'NoSuchKey' || statusOf(error) === 416 ? goneOrOther(bucket, file, error) : error
    })
    const total = isPart ? Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1]) : answer.ContentLength
    if (total !== undefined && !Number.isNaN(total) && total !== file.bytes) throw fileDamaged(file.path, `has ${total} bytes in the bucket and was written with ${file.bytes}`)
    if (isPart && !answer.ContentRange?.startsWith(`bytes ${at}-`)) throw new Torn('a part was asked for, and something else came')
    for await (const chunk of answer.Body as AsyncIterable<Buffer>) {
      if (at + chunk.length > to) throw new Torn('more bytes came than were asked for')
      await take(chunk, at)
      at += chunk.length
    }
    if (at < to) throw new Torn('the answer ended too early')
    return answer.Metadata?.[MARK]
  })
}

function goneOrOther(bucket: Bucket, { path, bytes }: StoredFile, error: unknown): Error {
  return statusOf(error) === 416 ? fileDamaged(path, `is shorter in the bucket than the ${bytes} bytes that were written`) : fileGone(path, `the bucket ${bucket.name}`)
}

async function writeAt(handle: fs.FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) written += (await handle.write(chunk, written, chunk.length - written, at + written)).bytesWritten
}
