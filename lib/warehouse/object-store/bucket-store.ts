import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import type { Bucket } from './bucket'
import { download } from './download'
import { linkFile, type FileCache } from './file-cache'
import { inParallel } from './in-parallel'
import { listBucket, removeFromBucket, removeAbandonedUploads } from './list-bucket'
import { sizes } from './patience'
import { SharedDownloads } from './shared-downloads'
import { codeOf, storageError } from './storage-error'
import { checkedParts, type LocalPath, type ObjectStore, type StoredFile } from './store'
import { upload } from './upload'

/** No key of ours looks so. */
const NEVER_WRITTEN = 'ready'

/** A bucket as a store. Files are read from a cache on this machine, each reader by links of its own. */
export class BucketStore implements ObjectStore {
  private readonly downloads = new SharedDownloads()

  constructor(
    private readonly bucket: Bucket,
    private readonly cache: FileCache,
    /** Where the files of this installation were while it had no bucket. */
    private readonly formerFolder?: string,
  ) {}

  /** The local file stays where it is, for whoever put it, and is an entry of the cache from now on. */
  async put(key: string, localFile: string, signal?: AbortSignal): Promise<number> {
    checkedParts(key)
    const { bytes, sha256 } = await upload(this.bucket, key, localFile, signal)
    try {
      await this.cache.keep(localFile, nameOf(key), bytes, sha256)
    } catch (error) {
      // it is in the bucket, which is what was promised
      logger('storage').warn({ err: error, key }, 'a file could not be kept in the cache')
    }
    return bytes
  }

  async hold(files: readonly StoredFile[], folder: string, signal?: AbortSignal): Promise<LocalPath> {
    const places = new Map(files.map(({ path: key }) => [key, path.join(folder, nameOf(key))]))
    const wanted = [...new Map(files.map((file) => [file.path, file])).values()]
    const missing: StoredFile[] = []
    try {
      await inParallel(wanted, sizes.filesAtOnce, signal, async (file) => {
        checkedParts(file.path)
        if (!(await this.cache.link(nameOf(file.path), file.bytes, placeOf(places, file.path)))) missing.push(file)
      })
      await inParallel(missing, sizes.filesAtOnce, signal, (file, stop) => this.bring(file, placeOf(places, file.path), stop))
    } catch (error) {
      throw storageError(error, this.bucket.settings, { act: 'read' })
    }
    return (key) => placeOf(places, key)
  }

  list(prefix = ''): ReturnType<ObjectStore['list']> {
    return listBucket(this.bucket, prefix)
  }

  async remove(keys: string[]): Promise<void> {
    await removeFromBucket(this.bucket, keys)
    for (const key of keys) await this.cache.remove(nameOf(key))
  }

  async sweep(): Promise<void> {
    await removeAbandonedUploads(this.bucket)
    await this.cache.sweep()
  }

  private async download(file: StoredFile, target: string, stop: AbortSignal): Promise<string> {
    try {
      return await download(this.bucket, file, target, stop)
    } catch (error) {
      const isHere = error instanceof AppError && error.code === 'not_found' && this.formerFolder !== undefined && existsSync(path.join(this.formerFolder, file.path))
      throw isHere ? notMoved(file.path, this.bucket.settings.url) : error
    }
  }

  /** A file that never was is asked for, since its absence is an answer; to a key that may not list it is denied, which is one too. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.bucket.ask({ act: 'read' }, signal, async ({ sdk, client, options }) => {
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: this.bucket.name, Key: this.bucket.keyOf(NEVER_WRITTEN) }), options)
        // somebody has put it there
        const stream = Body as Readable | undefined // the client of Node gives one of Node
        stream?.destroy()
      } catch (error) {
        if (!['NoSuchKey', 'AccessDenied'].includes(codeOf(error))) throw error
      }
    })
  }

  private async bring(file: StoredFile, place: string, signal: AbortSignal): Promise<void> {
    const fetch = async (stop: AbortSignal): Promise<string> => {
      const part = await this.cache.newFile()
      const sha256 = await this.download(file, part, stop).catch(async (error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'storage_full') throw error
        // something else has filled the disk: what is only kept gives way to what is needed
        await this.cache.empty()
        return this.download(file, part, stop)
      })
      await this.cache.keep(part, nameOf(file.path), file.bytes, sha256)
      return part
    }
    await this.downloads.use(`${file.path} ${file.bytes}`, signal, fetch, (part) => linkFile(part, place))
  }
}

function notMoved(key: string, url: string): AppError {
  return new AppError('bad_config', { title: 'The files of the warehouse were not moved to the bucket', detail: `${key} is in the folder of the warehouse alone`, advice: `Run: tributary storage move ${url}` }, { isRetryable: true })
}

/** A key as one short name, the same in every cache and folder. */
function nameOf(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}${path.extname(key)}`
}

function placeOf(places: Map<string, string>, key: string): string {
  const place = places.get(key)
  if (!place) throw new Error(`${key} is read and was not held`)
  return place
}
