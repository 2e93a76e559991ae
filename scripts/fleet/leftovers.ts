import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { filesInUse } from '@/lib/db/stored-files'
import { objectStore } from '@/lib/warehouse/object-store'
import { sweepFiles } from '@/lib/warehouse/sweep'

export interface Leftovers {
  /** Removed by the sweep: what runs wrote that never committed, and what old versions had. */
  swept: number
  /** In the bucket afterwards, and named by nothing. */
  orphans: string[]
  /** Named, and not in the bucket. */
  missing: string[]
  files: number
}

/** Sweeps, as a worker would, and holds the bucket against what the database names. For a time when nobody writes. */
export async function sweepAndLook(): Promise<Leftovers> {
  const { files: swept } = await sweepFiles()
  const named = new Set<string>()
  for await (const page of filesInUse()) for (const { path: key } of page) named.add(key)
  const stored = new Set<string>()
  for await (const { key } of objectStore().list()) stored.add(key)
  return { swept, files: stored.size, orphans: [...stored].filter((key) => !named.has(key)), missing: [...named].filter((key) => !stored.has(key)) }
}

/** What a folder holds, in bytes; files that have several names count once. */
export function bytesIn(folder: string, seen = new Set<number>()): number {
  if (!existsSync(folder)) return 0
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) bytes += bytesIn(full, seen)
    const { ino, size } = statSync(full)
    if (!entry.isFile() || seen.has(ino)) continue
    seen.add(ino)
    bytes += size
  }
  return bytes
}
