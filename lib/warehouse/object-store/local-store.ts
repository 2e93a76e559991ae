import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { inParallel } from './in-parallel'
import { checkedParts, fileDamaged, fileGone, type ObjectStore, type StoredFile, type StoredObject } from './store'

/** Many small tables are looked at in no time, and threads for files are few. */
const LOOKS_AT_ONCE = 16

/** A folder as a store: files are where they are read. */
export function localStore(root: string): ObjectStore {
  const localPath = (key: string) => path.join(root, ...checkedParts(key))
  return {
    put: (key, localFile) => moveIn(root, localPath(key), localFile),
    async hold(files, _folder, signal) {
      await inParallel(files, LOOKS_AT_ONCE, signal, (file) => look(localPath(file.path), file))
      return localPath
    },
    list: (prefix = '') => listFolder(root, prefix),
    async remove(keys) {
      for (const key of keys) await fs.rm(localPath(key), { force: true })
    },
    sweep: async () => undefined,
    probe: () => writeSomething(root),
  }
}

/** What is wrong is told by the file's name here, before an engine tells it by its own words. */
async function look(full: string, { path: key, bytes }: StoredFile): Promise<void> {
  const found = await fs.stat(full).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? fileGone(key, 'the folder of the warehouse') : error
  })
  if (found.size !== bytes) throw fileDamaged(key, `has ${found.size} bytes and was written with ${bytes}`)
}

async function moveIn(root: string, target: string, localFile: string): Promise<number> {
  const folder = path.dirname(target)
  await makeFolder(root, folder)
  const source = await onSameDisk(localFile, `${target}.part`)
  const handle = await fs.open(/* turbopackIgnore: true */ source, 'r+')
  let bytes: number
  try {
    bytes = (await handle.stat()).size
    await handle.chmod(0o444)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await fs.rename(source, target)
  await syncFolder(folder)
  return bytes
}

/** Scratch and store are usually on one disk; when they are not, the file is copied next to its place first. */
async function onSameDisk(localFile: string, beside: string): Promise<string> {
  const [from, to] = await Promise.all([fs.stat(localFile), fs.stat(path.dirname(beside))])
  if (from.dev === to.dev) return localFile
  await pipeline(createReadStream(localFile), createWriteStream(beside))
  await fs.rm(localFile)
  return beside
}

/** A new folder is durable only once the folder above it is. */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  if (!first) return
  for (let at = folder; at.length >= path.dirname(first).length; at = path.dirname(at)) await syncFolder(at)
  await fs.chmod(root, 0o700)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* listFolder(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const parts = prefix.split('/').slice(0, -1)
  const start = parts.length ? path.join(root, ...checkedParts(parts.join('/'))) : root
  const folders = [start]
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for (const entry of await fs.readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) {
      const full = path.join(folder, entry.name)
      const key = path.relative(root, full).split(path.sep).join('/')
      if (entry.isDirectory()) folders.push(full)
      else if (key.startsWith(prefix)) yield { key, bytes: (await fs.stat(full).catch(() => undefined))?.size ?? 0 }
    }
  }
}

/** A full disk, and one that is there to be read alone, show only when something is written. */
async function writeSomething(root: string): Promise<void> {
  await fs.mkdir(root, { recursive: true, mode: 0o700 })
  const file = path.join(root, `ready-${randomUUID()}`)
  try {
    await fs.writeFile(file, 'ready', { mode: 0o600 })
  } finally {
    await fs.rm(file, { force: true })
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
