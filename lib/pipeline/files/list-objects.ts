import fs from 'node:fs/promises'
import type { ObjectAccess } from '@/lib/connectors/objects/object-access'
import { csvLine } from '@/lib/warehouse/manifest'

/** Writes every object of a listing into a file, a page at a time: its memory does not grow with the number of objects. Gives that number. */
export async function listToFile(access: ObjectAccess, path: string, signal: AbortSignal, onListed: (objects: number) => void): Promise<number> {
  const handle = await fs.open(path, 'w', 0o600)
  let objects = 0
  try {
    for await (const page of access.list(signal)) {
      signal.throwIfAborted()
      await handle.writeFile(page.map(({ key, fingerprint, bytes, modifiedAt }) => csvLine([key, fingerprint, bytes, modifiedAt])).join(''))
      objects += page.length
      onListed(objects)
    }
  } finally {
    await handle.close()
  }
  return objects
}
