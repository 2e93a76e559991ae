import fs from 'node:fs/promises'
import path from 'node:path'
import { FolderId, ifMissing, uploadsFolder } from './folder'
import { uploadLimits } from './upload-limits'

/** A folder of uploads, by when something in it was touched last. */
export interface FoundFolder {
  id: FolderId
  workspaceId: string
}

/** The folders in which nothing was touched since before a moment. What is no folder of ours is left alone. */
export async function* idleFolders(before: Date): AsyncGenerator<FoundFolder> {
  const root = uploadsFolder()
  for (const workspaceId of (await fs.readdir(root).catch(ifMissing)) ?? []) {
    for (const name of (await fs.readdir(path.join(root, workspaceId)).catch(ifMissing)) ?? []) {
      const id = FolderId.safeParse(`${workspaceId}.${name}`)
      if (id.success && (await lastTouched(path.join(root, workspaceId, name))) < before.getTime()) yield { id: id.data, workspaceId }
    }
  }
}

/** Of a folder that stays: what an upload that was never finished left. Gives how many bytes it was. */
export async function removeLeftovers(folder: FolderId, before: Date): Promise<{ files: number; bytes: number }> {
  const place = path.join(uploadsFolder(), ...folder.split('.'))
  const names = new Set((await fs.readdir(place).catch(ifMissing)) ?? [])
  const removed = { files: 0, bytes: 0 }
  for (const name of names) {
    const id = name.slice(0, name.indexOf('.'))
    const isLeftover = /\.(part|begun)$/.test(name) || (name.endsWith('.data') && !names.has(`${id}.json`))
    const found = isLeftover ? await fs.lstat(path.join(place, name)).catch(ifMissing) : null
    if (!found || found.mtimeMs >= before.getTime()) continue
    await fs.rm(path.join(place, name), { force: true })
    removed.files++
    removed.bytes += found.size
  }
  return removed
}

export function keptSince(now = Date.now()): Date {
  return new Date(now - uploadLimits.keptHours * 3_600_000)
}

async function lastTouched(place: string): Promise<number> {
  const times = await Promise.all([place, ...((await fs.readdir(place).catch(ifMissing)) ?? []).map((name) => path.join(place, name))].map(async (each) => (await fs.lstat(each).catch(ifMissing))?.mtimeMs ?? 0))
  return Math.max(...times)
}
