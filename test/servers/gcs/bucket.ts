import { createHash } from 'node:crypto'
import { crc32c } from './crc32c'

export interface NewBlob {
  contentType?: string
  /** `gzip`: the body is zipped, and is unzipped on its way for whoever does not take it so. */
  contentEncoding?: 'gzip'
  /** Put together from others: such objects have no MD5. */
  isComposite?: boolean
}

export interface Blob extends NewBlob {
  name: string
  bytes: Uint8Array
  generation: string
  created: Date
  md5: string
  crc32c: string
}

export interface Grant {
  list: boolean
  read: boolean
}

/** The objects of one bucket, in the order of their names' bytes. An object that is put again gets a new generation; the old one is gone. */
export class Bucket {
  readonly grants = new Map<string, Grant>()
  private readonly blobs = new Map<string, Blob>()
  private order: { name: string; bytes: Buffer }[] | undefined

  constructor(readonly name: string) {}

  put(name: string, body: Uint8Array | string, generation: string, created: Date, more: NewBlob = {}): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (!this.blobs.has(name)) this.order = undefined
    this.blobs.set(name, { ...more, name, bytes, generation, created, md5: createHash('md5').update(bytes).digest('base64'), crc32c: crc32c(bytes) })
  }

  delete(name: string): void {
    if (this.blobs.delete(name)) this.order = undefined
  }

  get(name: string): Blob | undefined {
    return this.blobs.get(name)
  }

  /** At or after a name, or only after it. */
  *from(start: string, isAfter: boolean): Iterable<Blob> {
    this.order ??= [...this.blobs.keys()].map((name) => ({ name, bytes: Buffer.from(name) })).sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    const wanted = Buffer.from(start)
    let [low, high] = [0, this.order.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const side = Buffer.compare(this.order[middle]!.bytes, wanted)
      if (side < 0 || (isAfter && side === 0)) low = middle + 1
      else high = middle
    }
    for (const { name } of this.order.slice(low)) yield this.blobs.get(name)!
  }

  may(account: string | undefined, what: keyof Grant): boolean {
    return [account ?? 'allUsers', 'allUsers'].some((member) => this.grants.get(member)?.[what])
  }
}

/** What the API tells of an object. */
export function resourceOf(bucket: string, blob: Blob, url: string): Record<string, unknown> {
  const address = `/b/${bucket}/o/${encodeURIComponent(blob.name)}`
  const time = blob.created.toISOString()
  return {
    kind: 'storage#object',
    id: `${bucket}/${blob.name}/${blob.generation}`,
    selfLink: `${url}/storage/v1${address}`,
    mediaLink: `${url}/download/storage/v1${address}?generation=${blob.generation}&alt=media`,
    name: blob.name,
    bucket,
    generation: blob.generation,
    metageneration: '1',
    ...(blob.contentType === undefined ? {} : { contentType: blob.contentType }),
    ...(blob.contentEncoding === undefined ? {} : { contentEncoding: blob.contentEncoding }),
    storageClass: 'STANDARD',
    size: String(blob.bytes.length),
    ...(blob.isComposite ? { componentCount: 2 } : { md5Hash: blob.md5 }),
    crc32c: blob.crc32c,
    etag: Buffer.from(`${blob.generation}/1`).toString('base64'),
    timeCreated: time,
    updated: time,
    timeStorageClassUpdated: time,
  }
}
