import { link, symlink } from 'node:fs/promises'
import path from 'node:path'
import { objectStore } from '../object-store'
import type { StoredFile } from '../object-store/store'

const LINKS_AT_ONCE = 50

/** Files of the warehouse under short names in the child's own folder; by their keys. */
export async function linkFiles(files: StoredFile[], prefix: string, folder: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const links = new Map<string, string>()
  for (const file of files) links.set(file.path, `${prefix}-${links.size}.parquet`)
  const entries = [...links]
  const local = await objectStore().hold(files, folder, signal)
  for (let start = 0; start < entries.length; start += LINKS_AT_ONCE) {
    await Promise.all(entries.slice(start, start + LINKS_AT_ONCE).map(([key, name]) => linkFile(local(key), path.join(folder, name))))
  }
  return links
}

/** A file under another name as well; both are one file, so that either can go. */
export async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error
    // another file system, or one without hard links: the engine resolves the link and allows its target alone
    await symlink(from, to)
  }
}
