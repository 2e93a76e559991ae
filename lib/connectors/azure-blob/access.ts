import type { ContainerClient, BlobItem } from '@azure/storage-blob'
import { AppError } from '@/lib/core/errors'
import type { Http } from '../http'
import { Resting } from '../http/resting'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import type { FilesAddress } from '../objects/pattern'
import { readAhead } from '../objects/read-ahead'
import { containerOf, openAzure } from './azure-client'
import { azureCode, azureError, type Doing } from './azure-error'
import type { AzureConfig } from './config'

/** Azure's own most. */
const PAGE = 5000
const CHANGED = new Set(['ConditionNotMet', 'BlobNotFound', 'InvalidRange'])

interface Opened {
  http: Http
  container: ContainerClient
  close(): void
}

/** The blobs of a container that match. */
export class AzureObjects implements ObjectAccess {
  readonly hasRanges = true
  readonly addressPrefix: string
  private readonly sessions: Resting<Opened>

  constructor(
    private readonly config: AzureConfig,
    private readonly address: FilesAddress,
  ) {
    this.addressPrefix = `az://${address.bucket}/`
    this.sessions = new Resting(() => {
      const http = openAzure(config)
      return { http, container: containerOf(config, address.bucket, http), close: () => http.close() }
    })
  }

  async *list(signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    const { only, prefix } = this.address
    if (only !== null) {
      const object = await this.stat(only, signal)
      return yield object ? [object] : []
    }
    try {
      yield* this.sessions.iterate(({ container }) => readAhead(this.pages(container, prefix, signal)))
    } catch (error) {
      throw this.told(error, { act: 'list' }, signal)
    }
  }

  private async *pages(container: ContainerClient, prefix: string, signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    const pages = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal: signal }).byPage({ maxPageSize: PAGE })
    for await (const { segment } of pages) yield segment.blobItems.filter((item) => !isFolder(item) && this.address.matches(item.name)).map(listed)
  }

  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    try {
      const found = await this.sessions.use(({ container }) => container.getBlobClient(addressable(key)).getProperties({ abortSignal: signal }))
      if (found.metadata?.hdi_isfolder === 'true') return null
      return { key, bytes: found.contentLength ?? null, modifiedAt: found.lastModified?.toISOString() ?? null, fingerprint: fingerprint(found.etag, found.contentLength) }
    } catch (error) {
      if (azureCode(error) === 'BlobNotFound') return null
      throw this.told(error, { act: 'read', key }, signal)
    }
  }

  async *read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (span.to !== undefined && span.to <= span.from) return
    try {
      yield* this.sessions.iterate(({ container }) => this.bytes(container, object, span, signal))
    } catch (error) {
      if (error instanceof ObjectChanged || CHANGED.has(azureCode(error))) throw error instanceof ObjectChanged ? error : new ObjectChanged(object.key)
      throw this.told(error, { act: 'read', key: object.key }, signal)
    }
  }

  private async *bytes(container: ContainerClient, object: ListedObject, { from, to }: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const etag = object.fingerprint?.split(' ')[0]
    const answer = await container.getBlobClient(addressable(object.key)).download(from, to === undefined ? undefined : to - from, { abortSignal: signal, conditions: etag === undefined ? undefined : { ifMatch: `"${etag}"` } })
    const body = answer.readableStreamBody
    if (!body) throw new AppError('source', { title: 'Azure sent no file', detail: object.key, advice: 'Try again' }, { isRetryable: true })
    for await (const chunk of body) yield chunk as Buffer // the body is read without an encoding
  }

  private told(error: unknown, doing: Omit<Doing, 'container'>, signal: AbortSignal): AppError {
    return azureError(error, this.config, { container: this.address.bucket, ...doing }, signal)
  }
}

/** Accounts with a hierarchical namespace list their folders too, as empty files. */
function isFolder({ name, properties, metadata }: BlobItem): boolean {
  return metadata?.hdi_isfolder === 'true' || (name.endsWith('/') && (properties.contentLength ?? 0) === 0)
}

function listed({ name, properties }: BlobItem): ListedObject {
  const { contentLength, lastModified, etag } = properties
  return { key: name, bytes: contentLength ?? null, modifiedAt: lastModified.toISOString(), fingerprint: fingerprint(etag, contentLength) }
}

/** The listing has the ETag without its quotes. */
function fingerprint(etag: string | undefined, bytes: number | undefined): string | null {
  return etag === undefined ? null : `${etag.replaceAll('"', '')} ${bytes ?? ''}`
}

/** A URL cannot hold a folder named `.` or `..`: it would lead to another file. */
function addressable(key: string): string {
  if (!key.split('/').some((part) => part === '.' || part === '..')) return key
  throw new AppError('source', { title: 'The file cannot be asked for', detail: `“${key.slice(0, 200)}” holds a folder named . or .., which no address can name`, advice: 'Rename it, or choose a pattern that leaves it out' })
}
