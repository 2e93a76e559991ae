import fs from 'node:fs/promises'
import { NotInOrder, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'
import { csvLine } from '@/lib/warehouse/manifest'

/**
 * Writes every object of a listing into a file, a page at a time: its memory does not grow with the number of objects. Gives that number.
 * `at`: keys that divide it into parts of one size, as of the last time.
 */
export async function listToFile(access: Pick<ObjectAccess, 'list'>, path: string, at: string[], signal: AbortSignal, onListed: (objects: number) => void): Promise<number> {
  try {
    return await writeListing(access.list(signal, at), path, signal, onListed)
  } catch (error) {
    if (!(error instanceof NotInOrder)) throw error
    return writeListing(access.list(signal), path, signal, onListed)
  }
}

async function writeListing(pages: AsyncIterable<ListedObject[]>, path: string, signal: AbortSignal, onListed: (objects: number) => void): Promise<number> {
  const handle = await fs.open(path, 'w', 0o600)
  let objects = 0
  try {
    for await (const page of pages) {
      signal.throwIfAborted()
      await handle.writeFile(page.map(lineOf).join(''))
      objects += page.length
      onListed(objects)
    }
  } finally {
    await handle.close()
  }
  return objects
}

function lineOf({ key, fingerprint, bytes, modifiedAt }: ListedObject): string {
  return csvLine([key, fingerprint, bytes, modifiedAt])
}
