import { constants } from 'node:fs'
import fs, { type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ifMissing, presentFolder, UploadId } from './folder'

/** What is kept beside the bytes of a finished file. */
const KeptNote = z.object({
  name: z.string().min(1).max(200),
  bytes: z.number().int().min(0),
  /** Of its bytes: the same content is the same state, whenever it came. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  uploadedAt: z.iso.datetime(),
})

/** A file that arrived whole. It never changes: another one of its name takes its place. */
export interface KeptFile extends z.infer<typeof KeptNote> {
  id: string
}

const AT_ONCE = 32
const NO_LINKS = constants.O_RDONLY | constants.O_NOFOLLOW

export const dataName = (id: string): string => `${id}.data`
export const noteName = (id: string): string => `${id}.json`

/** The files of a folder by name, each name once: of two with the same, the one that came last. */
export async function listKept(folder: string): Promise<KeptFile[]> {
  const place = await presentFolder(folder)
  const ids = (await fs.readdir(place)).flatMap((name) => (name.endsWith('.json') && UploadId.safeParse(name.slice(0, -5)).success ? [name.slice(0, -5)] : []))
  const byName = new Map<string, KeptFile>()
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const file of await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => readNote(place, id)))) {
      const other = file && byName.get(file.name)
      if (file && !(other && isLater(other, file))) byName.set(file.name, file)
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

export async function findKept(folder: string, id: string): Promise<KeptFile | null> {
  return readNote(await presentFolder(folder), UploadId.parse(id))
}

/** The bytes of a file; null when it is gone. A link is none. */
export async function openKept(folder: string, id: string): Promise<FileHandle | null> {
  return openFile(path.join(await presentFolder(folder), dataName(UploadId.parse(id))))
}

/** Takes away what is there of an upload, whole or begun. What is gone already is fine. */
export async function removeKept(folder: string, id: string): Promise<void> {
  const place = await presentFolder(folder)
  const upload = UploadId.parse(id)
  // the note goes first: without it nobody looks for the rest
  for (const name of [noteName(upload), `${upload}.begun`, dataName(upload), `${upload}.part`]) await fs.rm(path.join(place, name), { force: true })
}

async function readNote(place: string, id: string): Promise<KeptFile | null> {
  const handle = await openFile(path.join(place, noteName(id)))
  if (!handle) return null
  try {
    return { id, ...KeptNote.parse(JSON.parse(await handle.readFile('utf8'))) }
  } finally {
    await handle.close()
  }
}

async function openFile(file: string): Promise<FileHandle | null> {
  const handle = await fs.open(file, NO_LINKS).catch((error: NodeJS.ErrnoException) => (error.code === 'ELOOP' ? null : ifMissing(error)))
  if (!handle || (await handle.stat()).isFile()) return handle
  await handle.close()
  return null
}

function isLater(one: KeptFile, other: KeptFile): boolean {
  return one.uploadedAt === other.uploadedAt ? one.id > other.id : one.uploadedAt > other.uploadedAt
}
