import type { S3Client } from '@aws-sdk/client-s3'
import { AppError } from '@/lib/core/errors'
import type { HttpStream } from '../../http'
import { Resting } from '../../http/resting'
import { atOnce } from '../at-once'
import { exactBytes } from '../exact-bytes'
import { rangesAt } from '../key-range'
import { NotInOrder, ObjectChanged, type ListedObject, type ObjectAccess } from '../object-access'
import type { FilesAddress } from '../pattern'
import { readAhead } from '../read-ahead'
import { etagOf, fingerprintOf } from '../fingerprint'
import { s3Code, s3Error, s3Status, type Doing } from './s3-error'
import { takingBody } from './s3-handler'
import { listPages } from './s3-pages'
import { S3Session } from './s3-session'
import type { S3Store } from './s3-store'

/** The objects of a bucket that match. */
export class S3Objects implements ObjectAccess {
  readonly hasRanges = true
  readonly addressPrefix: string
  private readonly sessions: Resting<S3Session>

  constructor(
    private readonly store: S3Store,
    private readonly address: FilesAddress,
  ) {
    this.addressPrefix = `${store.scheme}://${address.bucket}/`
    this.sessions = new Resting(() => new S3Session(store, address.bucket))
  }

  async *list(signal: AbortSignal, at: string[] = []): AsyncGenerator<ListedObject[]> {
    const { only, prefix, bucket } = this.address
    if (only !== null) {
      const object = await this.stat(only, signal)
      return yield object ? [object] : []
    }
    try {
      for await (const page of this.sessions.iterate((session) => atOnce(rangesAt(at).map((range) => readAhead(listPages(session, this.store, bucket, prefix, signal, { range })))))) {
        yield page.filter(({ key, bytes }) => !isFolderMarker(key, bytes) && this.address.matches(key))
      }
    } catch (error) {
      if (error instanceof NotInOrder) throw error
      throw this.told(error, { act: 'list' }, signal)
    }
  }

  /** A refusal of HEAD has no words: then the first byte is asked for, whose refusal has. */
  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    try {
      return await this.sessions.use(async (session) => {
        const [client, { HeadObjectCommand, GetObjectCommand }] = await Promise.all([session.client(signal), import('@aws-sdk/client-s3')])
        const place = { Bucket: this.address.bucket, Key: key }
        try {
          const { ContentLength = null, LastModified, ETag } = await client.send(new HeadObjectCommand(place), { abortSignal: signal })
          return isFolderMarker(key, ContentLength) ? null : { key, bytes: ContentLength, modifiedAt: LastModified?.toISOString() ?? null, fingerprint: fingerprintOf(ETag, ContentLength) }
        } catch (error) {
          if (s3Status(error) < 300) throw error
          await client.send(new GetObjectCommand({ ...place, Range: 'bytes=0-0' }), takingBody(signal, (stream) => stream.drop()))
          throw error // it was refused a moment ago, and is not now
        }
      })
    } catch (error) {
      if (s3Code(error) === 'NoSuchKey') return null
      throw this.told(error, { act: 'read', key }, signal)
    }
  }

  async *read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const to = span.to ?? object.bytes ?? Infinity
    if (to <= span.from && !(object.bytes === 0 && span.from === 0)) return
    try {
      yield* this.sessions.iterate(async function* (this: S3Objects, session: S3Session) {
        const stream = await this.begin(await session.client(signal), object, span.from, to, signal)
        try {
          yield* exactly(stream, object, span.from, to)
        } finally {
          stream.drop()
        }
      }.bind(this))
    } catch (error) {
      if (error instanceof ObjectChanged) throw error
      // gone, replaced, or shorter than it was
      if (s3Code(error) === 'NoSuchKey' || [404, 412, 416].includes(s3Status(error)) && s3Code(error) !== 'NoSuchBucket') throw new ObjectChanged(object.key)
      throw this.told(error, { act: 'read', key: object.key }, signal)
    }
  }

  private async begin(client: S3Client, object: ListedObject, from: number, to: number, signal: AbortSignal): Promise<HttpStream> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3')
    const taken: { stream?: HttpStream } = {}
    const isWhole = from === 0 && (to === object.bytes || to === Infinity)
    const range = isWhole ? undefined : `bytes=${from}-${to === Infinity ? '' : to - 1}`
    await client.send(new GetObjectCommand({ Bucket: this.address.bucket, Key: object.key, Range: range, IfMatch: etagOf(object.fingerprint) }), takingBody(signal, (stream) => (taken.stream = stream)))
    if (!taken.stream) throw new AppError('source', { title: `${this.store.service} sent no file`, detail: object.key, advice: this.store.words.status }, { isRetryable: true })
    return taken.stream
  }

  private told(error: unknown, doing: Omit<Doing, 'bucket'>, signal: AbortSignal): AppError {
    return s3Error(error, this.store, { bucket: this.address.bucket, ...doing }, signal)
  }
}

/** The bytes that were asked for, of the state that was listed: what a store sends that knows no conditions or no ranges is not taken for it. */
async function* exactly(stream: HttpStream, object: ListedObject, from: number, to: number): AsyncGenerator<Uint8Array> {
  const { status, headers, bytes } = stream
  const etag = headers.etag?.replaceAll('"', '')
  const listed = etagOf(object.fingerprint)?.replaceAll('"', '')
  if (etag !== undefined && listed !== undefined && etag !== listed) throw new ObjectChanged(object.key)
  if (from > 0 && status !== 206) throw new AppError('source', { title: 'The store does not send parts of files', detail: `Bytes from ${from} of ${object.key} were asked for, and all were sent`, advice: 'Check the address of the store' })
  yield* exactBytes(bytes ?? [], object.key, from, to)
}

/** Some tools make empty objects in the place of folders. */
function isFolderMarker(key: string, bytes: number | null): boolean {
  return (bytes ?? 0) === 0 && (key.endsWith('/') || key.endsWith('_$folder$'))
}
