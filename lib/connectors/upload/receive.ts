import { createHash } from 'node:crypto'
import fs, { type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { formatBytes } from '@/lib/core/format'
import { newId } from '@/lib/core/ids'
import { stopped } from '../stopped'
import { cleanName } from './clean-name'
import { folderPath, ifMissing, noSuchFolder, presentFolder, UploadId } from './folder'
import { dataName, findKept, listKept, noteName, removeKept, type KeptFile } from './kept-files'
import { uploadLimits } from './upload-limits'

const BegunNote = z.object({ name: z.string(), bytes: z.number() })

/** A file of which nothing or some has arrived. */
export interface BegunUpload {
  id: string
  name: string
  /** How many of its bytes are here: the next part begins there. */
  received: number
}

export interface UploadPart {
  folder: string
  id: string
  /** Where in the file the bytes belong: at the end of what is here. */
  from: number
  /** How many are coming, where the sender says so: too many are refused before they come. */
  length: number | null
  bytes: AsyncIterable<Uint8Array>
}

/** Makes room for a file in a folder, which is made when it is not there. Throws AppError for one that is too large, and for a full disk. */
export async function beginUpload(folder: string, name: string, bytes: number): Promise<BegunUpload> {
  if (bytes > uploadLimits.fileBytes) throw new AppError('invalid', { title: 'The file is too large', detail: `It has ${formatBytes(bytes)}; up to ${formatBytes(uploadLimits.fileBytes)} can be uploaded`, advice: 'Compress it with gzip, split it, or put it into a bucket and link that' })
  const place = folderPath(folder)
  await fs.mkdir(place, { recursive: true, mode: 0o700 })
  if ((await fs.readdir(place)).length >= uploadLimits.filesOfFolder * 2) throw new AppError('invalid', { title: 'These are too many files', detail: `A source has up to ${uploadLimits.filesOfFolder} uploaded files`, advice: 'Link another source, or put the files into a bucket' })
  const { bavail, bsize } = await fs.statfs(place)
  if (bavail * bsize < bytes + uploadLimits.freeBytes) throw diskFull(`${formatBytes(bavail * bsize)} are free, and the file has ${formatBytes(bytes)}`)
  const id = newId()
  const cleaned = cleanName(name)
  await inWords(async () => {
    await fs.writeFile(path.join(place, `${id}.begun`), JSON.stringify({ name: cleaned, bytes }), { flag: 'wx', mode: 0o600 })
    await fs.writeFile(path.join(place, `${id}.part`), '', { flag: 'wx', mode: 0o600 })
  })
  return { id, name: cleaned, received: 0 }
}

/** Uploads that are being written, each by one request: a later one ends the former, whose connection may hang without anybody at its other end. */
const writing = new Map<string, { stop: AbortController; ended: Promise<unknown> }>()

/**
 * Writes a part of a file to the disk as it comes. What arrived stays when the connection breaks, and the next part goes on from there. With the last byte the file
 * is kept and given back; a part of a file that is kept already gives it again, since its answer may have been lost.
 */
export async function receivePart(part: UploadPart, signal: AbortSignal): Promise<{ received: number; kept: KeptFile | null }> {
  const key = `${part.folder} ${UploadId.parse(part.id)}`
  const former = writing.get(key)
  former?.stop.abort()
  const stop = new AbortController()
  const work = (async () => {
    await former?.ended
    return receive(part, AbortSignal.any([signal, stop.signal]))
  })()
  const entry = { stop, ended: work.catch(() => undefined) } // said to whoever sent it
  writing.set(key, entry)
  try {
    return await work
  } finally {
    if (writing.get(key) === entry) writing.delete(key)
  }
}

/** Takes away an upload, finished or not; what is being written ends first. */
export async function removeUpload(folder: string, id: string): Promise<void> {
  const former = writing.get(`${folder} ${UploadId.parse(id)}`)
  former?.stop.abort()
  await former?.ended
  await removeKept(folder, id)
}

async function receive({ folder, id, from, length, bytes }: UploadPart, signal: AbortSignal): Promise<{ received: number; kept: KeptFile | null }> {
  const done = await findKept(folder, id)
  if (done) return { received: done.bytes, kept: done }
  const place = await presentFolder(folder)
  const begun = await fs.readFile(path.join(place, `${id}.begun`), 'utf8').catch(ifMissing)
  if (begun === null) throw noSuchFolder()
  const expected = BegunNote.parse(JSON.parse(begun))
  const handle = await fs.open(path.join(place, `${id}.part`), 'r+').catch(ifMissing)
  if (!handle) throw noSuchFolder()
  let received: number
  try {
    received = (await handle.stat()).size
    if (from !== received) return { received, kept: null }
    if (from + (length ?? 0) > expected.bytes) throw tooMany(expected.bytes)
    received = await inWords(() => write(handle, from, expected.bytes, bytes, signal))
    if (received < expected.bytes) return { received, kept: null }
    await inWords(() => handle.sync())
  } finally {
    await handle.close()
  }
  return { received, kept: await inWords(() => keep(folder, place, id, expected)) }
}

async function write(handle: FileHandle, from: number, end: number, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
  let at = from
  const iterator = bytes[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await nextOf(iterator, signal)
      if (done) return at
      if (at + value.length > end) throw tooMany(end)
      await handle.write(value, 0, value.length, at)
      at += value.length
    }
  } finally {
    // not waited for: the sender may never answer
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

/** The next bytes, or the end of waiting for them. No promise outlives its bytes: one for the whole upload would hold all of them. */
function nextOf(iterator: AsyncIterator<Uint8Array>, signal: AbortSignal): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped(signal, 'The upload') ?? new AppError('cancelled', { title: 'Cancelled' }))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    void iterator.next().then(resolve, (cause: unknown) => reject(brokenOff(cause))).finally(() => signal.removeEventListener('abort', stop))
  })
}

function tooMany(end: number): AppError {
  return new AppError('invalid', { title: 'The file has more bytes than it was said to have', detail: `It was said to have ${formatBytes(end)}`, advice: 'It may have been changed while it was sent: upload it again' })
}

/** Nobody is there any more to be told. */
function brokenOff(cause: unknown): AppError {
  return new AppError('cancelled', { title: 'The connection broke before all of the file was here' }, { cause })
}

/** First the bytes have their name, then the note makes them a file of the folder: a kill between the two leaves what the sweep takes. */
async function keep(folder: string, place: string, id: string, { name, bytes }: z.infer<typeof BegunNote>): Promise<KeptFile> {
  const part = path.join(place, `${id}.part`)
  const sha256 = await digest(part)
  await fs.chmod(part, 0o400)
  await fs.rename(part, path.join(place, dataName(id)))
  const former = (await listKept(folder)).filter((file) => file.name === name)
  const note = { name, bytes, sha256, uploadedAt: new Date().toISOString() }
  const beside = path.join(place, `${noteName(id)}.part`)
  await fs.writeFile(beside, JSON.stringify(note), { mode: 0o400, flush: true })
  await fs.rename(beside, path.join(place, noteName(id)))
  await syncFolder(place)
  await fs.rm(path.join(place, `${id}.begun`), { force: true })
  for (const { id: old } of former) await removeKept(folder, old)
  return { id, ...note }
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await fs.open(file, 'r')
  for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer) // without an encoding a stream gives bytes
  return hash.digest('hex')
}

async function syncFolder(place: string): Promise<void> {
  const handle = await fs.open(place, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull('Nothing more fits on it', error)
    throw error
  }
}

function diskFull(detail: string, cause?: unknown): AppError {
  return new AppError('storage_full', { title: 'The disk of Tributary is full', detail, advice: 'Make room on it, or delete data that nobody needs, then upload the file again' }, { cause, isRetryable: true })
}
