import { createReadStream, createWriteStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

export interface StoredObject {
  key: string
  bytes: number
}

/**
 * Where immutable files live. Keys are `{workspaceId}/{schemaId}/data/{runId}-{fence}-{n}.parquet`, and `deletes`
 * in place of `data`. A key is written once. The local folder is the first store; one that keeps files
 * elsewhere gives `localPath` from a cache that `fetch` fills.
 */
export interface ObjectStore {
  /** Take over a finished local file under a key. When it returns, the file survives a power cut. Gives its size. */
  put(key: string, localFile: string): Promise<number>
  /** Make files readable on this machine; nothing to do for a local folder. */
  fetch(keys: string[]): Promise<void>
  /** The local path of a file that `put` or `fetch` made readable here. */
  localPath(key: string): string
  /** Every file whose key starts with the prefix. */
  list(prefix?: string): AsyncIterable<StoredObject>
  /** Remove files; one that is gone already is fine. */
  remove(keys: string[]): Promise<void>
}

/** The store of this installation. */
export function objectStore(): ObjectStore {
  return localStore(path.join(dataFolder(), 'warehouse'))
}

/** A folder as a store. */
export function localStore(root: string): ObjectStore {
  const localPath = (key: string) => path.join(root, ...checkedParts(key))
  return {
    localPath,
    fetch: async () => undefined,
    put: (key, localFile) => moveIn(root, localPath(key), localFile),
    list: (prefix = '') => listFolder(root, prefix),
    async remove(keys) {
      for (const key of keys) await fs.rm(localPath(key), { force: true })
    },
  }
}

const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/** A key's parts. Anything that could lead out of the store is refused, so that no caller can pass a path. */
function checkedParts(key: string): string[] {
  const parts = key.split('/')
  if (!parts.every((part) => PART.test(part))) throw new AppError('invalid', { title: 'That is not the key of a warehouse file' })
  return parts
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

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
