import { readdir, rm, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { dataFolder, env, WarehouseUrl } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { countRunsAtWork, filesInUse, type FileInUse } from '@/lib/db/stored-files'
import { warehouseFolder } from '../object-store'
import { Bucket } from './bucket'
import { bucketSettings } from './bucket-settings'
import { describeObject, type Described } from './describe-object'
import { fileDigest } from './digest'
import { digestInBucket, download } from './download'
import { inParallel } from './in-parallel'
import { localStore } from './local-store'
import { sizes } from './patience'
import { upload } from './upload'

export interface Moved {
  to: string
  /** What versions and checkpoints name: all of it is there, and was compared byte for byte by its SHA-256, but for the problems. */
  files: number
  bytes: number
  /** What was not there before. */
  copied: number
  copiedBytes: number
  /** Files that could not be moved, the first of them; the rest were. */
  problems: { key: string; problem: string }[]
  problemCount: number
  /** Something is at work that may have written more meanwhile: move again once it has ended. */
  isBusy: boolean
}

export interface MoveOptions {
  signal: AbortSignal
  onProgress(moved: Readonly<Moved>): void
}

const NAMED = 20

/**
 * Copy every file that is in use between the folder and a bucket; `to` is the bucket's URL, or `folder`. Removes nothing, and can be stopped and repeated: what is there already
 * is compared and left. WAREHOUSE_URL decides afterwards, as before, where the files are read.
 */
export async function moveStorage(to: string, { signal, onProgress }: MoveOptions): Promise<Moved> {
  const copy = to === 'folder' ? toFolder(bucketInUse(), signal) : toBucket(targetBucket(to), signal)
  const moved: Moved = { to, files: 0, bytes: 0, copied: 0, copiedBytes: 0, problems: [], problemCount: 0, isBusy: false }
  for await (const files of filesInUse()) {
    await inParallel(files, sizes.filesAtOnce, signal, async (file) => {
      await copyOne(file, copy, moved)
    })
    onProgress(moved)
  }
  moved.isBusy = await isAnyoneAtWork()
  return moved
}

type Copy = (file: FileInUse) => Promise<'copied' | 'was there'>

async function copyOne(file: FileInUse, copy: Copy, moved: Moved): Promise<void> {
  try {
    const outcome = await copy(file)
    moved.files++
    moved.bytes += file.bytes
    if (outcome === 'was there') return
    moved.copied++
    moved.copiedBytes += file.bytes
  } catch (error) {
    // one file's own trouble is told with the rest; what is wrong with all of them ends the move
    if (!(error instanceof AppError) || !['not_found', 'bad_file', 'conflict'].includes(error.code)) throw error
    moved.problemCount++
    if (moved.problems.length < NAMED) moved.problems.push({ key: file.path, problem: error.detail ?? error.title })
  }
}

function toBucket(bucket: Bucket, signal: AbortSignal): Copy {
  return async (file) => {
    const local = path.join(warehouseFolder(), file.path)
    const there = await describeObject(bucket, file.path, signal)
    const bytes = (await stat(local).catch(() => undefined))?.size
    if (bytes === undefined && there?.bytes === file.bytes) return 'was there' // written since WAREHOUSE_URL names the bucket
    if (bytes !== file.bytes) throw new AppError(bytes === undefined ? 'not_found' : 'bad_file', { title: 'A file of the warehouse is gone', detail: bytes === undefined ? 'It is not in the folder of the warehouse' : `It has ${bytes} bytes in the folder of the warehouse, and was written with ${file.bytes}` })
    if (there && (await isSame(bucket, file, there, await fileDigest(local, signal), signal))) return 'was there'
    const { wasThere } = await upload(bucket, file.path, local, signal)
    return wasThere ? 'was there' : 'copied'
  }
}

function toFolder(bucket: Bucket, signal: AbortSignal): Copy {
  const store = localStore(warehouseFolder())
  return async (file) => {
    const local = path.join(warehouseFolder(), file.path)
    if ((await stat(local).catch(() => undefined))?.size === file.bytes) {
      const there = await describeObject(bucket, file.path, signal)
      if (!there || (await isSame(bucket, file, there, await fileDigest(local, signal), signal))) return 'was there'
    }
    const part = `${local}.part`
    await mkdir(path.dirname(part), { recursive: true, mode: 0o700 })
    await rm(part, { force: true })
    await download(bucket, file, part, signal)
    await store.put(file.path, part)
    return 'copied'
  }
}

async function isSame(bucket: Bucket, file: FileInUse, there: Described, sha256: string, signal: AbortSignal): Promise<boolean> {
  if (there.bytes !== file.bytes) return false
  return (there.sha256 ?? (await digestInBucket(bucket, file, signal))) === sha256
}

/** The bucket that files are moved into: none but the one that is in use, where one is. */
function targetBucket(to: string): Bucket {
  const url = WarehouseUrl.safeParse(to)
  if (!url.success) throw new AppError('invalid', { title: 'That is no place for the warehouse', detail: to.slice(0, 200), advice: 'Name a bucket, as in s3://bucket or s3://bucket/prefix, or folder' })
  const target = bucketSettings(url.data)
  const used = env().WAREHOUSE_URL
  if (used !== undefined && bucketSettings(used).url !== target.url) {
    throw new AppError('conflict', { title: 'The warehouse is in a bucket already', detail: `WAREHOUSE_URL is ${used}`, advice: 'To get from there to another bucket: move to folder, remove WAREHOUSE_URL, then move to the other one' })
  }
  return new Bucket(target)
}

function bucketInUse(): Bucket {
  const used = env().WAREHOUSE_URL
  if (used === undefined) throw new AppError('conflict', { title: 'The warehouse is in its folder already', detail: 'WAREHOUSE_URL is not set', advice: 'To get back from a bucket, set WAREHOUSE_URL to it for this command' })
  return new Bucket(bucketSettings(used))
}

async function isAnyoneAtWork(): Promise<boolean> {
  const workers = await readdir(path.join(dataFolder(), 'workers')).catch(() => [])
  return workers.some((name) => isAlive(Number.parseInt(name, 10))) || (await countRunsAtWork()) > 0
}
