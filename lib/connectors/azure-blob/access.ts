import type { BlobGetPropertiesResponse, BlobItem, ContainerClient } from '@azure/storage-blob'
import { AppError } from '@/lib/core/errors'
import type { Http } from '../http'
import { Resting } from '../http/resting'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import type { FilesAddress } from '../objects/pattern'
import { etagOf, fingerprintOf } from '../objects/fingerprint'
import { exactBytes } from '../objects/exact-bytes'
import { readAhead } from '../objects/read-ahead'
import { containerOf, openAzure } from './azure-client'
import { azureCode, azureError, isRestError, type Doing } from './azure-error'
import type { AzureConfig } from './config'

/** Azure's own most. */
const PAGE = 5000
const CHANGED = new Set(['ConditionNotMet', 'BlobNotFound', 'InvalidRange'])

/** The blobs of a container that match. */
export class AzureObjects implements ObjectAccess {
  readonly hasRanges = true
  readonly addressPrefix: string
  private readonly sessions: Resting<Opened>

  constructor(
    private readonly config: AzureConfig,
    private readonly address: FilesAddress,
    private readonly page = PAGE,
  ) {
    this.addressPrefix = `az://${address.bucket}/`
    this.sessions = new Resting(() => new Opened(config, address.bucket))
  }

  async *list(signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    const { only } = this.address
    if (only !== null) {
      const object = await this.stat(only, signal)
      return yield object ? [object] : []
    }
    try {
      for await (const page of this.sessions.iterate((opened) => readAhead(this.pages(opened, signal)))) {
        yield page
        signal.throwIfAborted()
      }
    } catch (error) {
      throw this.told(error, { act: 'list' }, signal)
    }
  }

  private async *pages(opened: Opened, signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    const container = await opened.container()
    const pages = container.listBlobsFlat({ prefix: this.address.prefix, includeMetadata: true, abortSignal: signal }).byPage({ maxPageSize: this.page })
    for await (const { segment } of pages) yield segment.blobItems.filter((item) => !isFolder(item) && this.address.matches(item.name)).map(listed)
  }

  /** A refusal of HEAD has no words: then the first byte is asked for, whose refusal has. */
  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    try {
      return await this.sessions.use(async (opened) => {
        const blob = (await opened.container()).getBlobClient(addressable(key))
        try {
          return stated(key, await blob.getProperties({ abortSignal: signal }))
        } catch (error) {
          if (!isRestError(error) || error.statusCode !== 403) throw error
          await blob.downloadToBuffer(0, 1, { abortSignal: signal })
          throw error
        }
      })
    } catch (error) {
      if (azureCode(error) === 'BlobNotFound') return null
      throw this.told(error, { act: 'read', key }, signal)
    }
  }

  async *read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const to = span.to ?? object.bytes ?? Infinity
    if (to <= span.from && !(object.bytes === 0 && span.from === 0)) return
    try {
      yield* this.sessions.iterate((opened) => this.bytes(opened, object, span.from, to, signal))
    } catch (error) {
      if (error instanceof ObjectChanged) throw error
      if (CHANGED.has(azureCode(error))) throw new ObjectChanged(object.key)
      throw this.told(error, { act: 'read', key: object.key }, signal)
    }
  }

  private async *bytes(opened: Opened, object: ListedObject, from: number, to: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { key, bytes, fingerprint } = object
    const isToEnd = to === Infinity || to === bytes
    const blob = (await opened.container()).getBlobClient(addressable(key))
    const answer = await blob.download(from, isToEnd ? undefined : to - from, { abortSignal: signal, conditions: { ifMatch: etagOf(fingerprint) } })
    const body = answer.readableStreamBody
    if (!body) throw new AppError('source', { title: 'Azure sent no file', detail: key, advice: 'It is asked for again' }, { isRetryable: true })
    yield* exactBytes(body as AsyncIterable<Buffer>, key, from, to) // the body is read without an encoding
  }

  private told(error: unknown, doing: Omit<Doing, 'container'>, signal: AbortSignal): AppError {
    return azureError(error, this.config, { container: this.address.bucket, ...doing }, signal)
  }
}

/** A session with one container, and the vendor's client for it. */
class Opened {
  private readonly http: Http
  private made: Promise<ContainerClient> | undefined

  constructor(
    private readonly config: AzureConfig,
    private readonly name: string,
  ) {
    this.http = openAzure(config)
  }

  container(): Promise<ContainerClient> {
    return (this.made ??= containerOf(this.config, this.name, this.http))
  }

  close(): void {
    this.http.close()
  }
}

/** Accounts with a hierarchical namespace list their folders too, as empty files. */
function isFolder({ name, properties, metadata }: BlobItem): boolean {
  return metadata?.hdi_isfolder === 'true' || (name.endsWith('/') && (properties.contentLength ?? 0) === 0)
}

function listed({ name, properties }: BlobItem): ListedObject {
  const bytes = properties.contentLength ?? null
  return { key: name, bytes, modifiedAt: properties.lastModified.toISOString(), fingerprint: fingerprintOf(properties.etag, bytes) }
}

function stated(key: string, { metadata, contentLength, lastModified, etag }: BlobGetPropertiesResponse): ListedObject | null {
  const bytes = contentLength ?? null
  if (metadata?.hdi_isfolder === 'true' || (key.endsWith('/') && bytes === 0)) return null
  return { key, bytes, modifiedAt: lastModified?.toISOString() ?? null, fingerprint: fingerprintOf(etag, bytes) }
}

/** A URL cannot hold a folder named `.` or `..`: it would lead to another file. */
function addressable(key: string): string {
  if (!key.split('/').some((part) => part === '.' || part === '..')) return key
  throw new AppError('source', { title: 'The file cannot be asked for', detail: `“${key.slice(0, 200)}” holds a folder named . or .., which no address can name`, advice: 'Rename it, or choose a pattern that leaves it out' })
}
