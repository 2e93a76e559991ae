import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import type { FilesPreview } from '../files-schema'

const SHOWN = 20
const COUNTED = 10_000

export type FoundObjects = Pick<FilesPreview, 'objects' | 'objectCount' | 'isCountExact' | 'totalBytes'>

/** The objects of a table whose first file cannot be read: people need to see which they are all the more. */
export async function firstObjects(access: ObjectAccess, signal: AbortSignal): Promise<FoundObjects> {
  const found: ListedObject[] = []
  let isCountExact = true
  for await (const page of access.list(signal)) {
    found.push(...page)
    if (found.length < COUNTED) continue
    isCountExact = found.length === COUNTED
    found.length = COUNTED
    break
  }
  const shown = found.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, SHOWN)
  return {
    objects: shown.map(({ key, bytes, modifiedAt }) => ({ address: access.addressPrefix + key, bytes, modifiedAt })),
    objectCount: found.length,
    isCountExact,
    totalBytes: sum(found),
  }
}

function sum(objects: ListedObject[]): number | null {
  let total = 0
  for (const { bytes } of objects) {
    if (bytes === null) return null
    total += bytes
  }
  return total
}
