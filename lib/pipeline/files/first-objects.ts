import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'

const SHOWN = 20
const COUNTED = 10_000

export interface FirstObjects {
  /** The first 20, in the order of their names. */
  objects: ListedObject[]
  /** Counting stops at 10,000; `isCountExact` says whether there are more. */
  objectCount: number
  isCountExact: boolean
  /** Of those that were counted; null where the store does not tell each of them. */
  totalBytes: number | null
}

/** Lists the objects of a table as far as people need to see them. */
export async function firstObjects(access: ObjectAccess, signal: AbortSignal): Promise<FirstObjects> {
  let first: ListedObject[] = []
  let objectCount = 0
  let totalBytes: number | null = 0
  for await (const page of access.list(signal)) {
    const room = COUNTED - objectCount
    const counted = page.slice(0, room)
    first = [...first, ...counted].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, SHOWN)
    objectCount += counted.length
    for (const { bytes } of counted) totalBytes = totalBytes === null || bytes === null ? null : totalBytes + bytes
    // only what comes after the last that is counted tells that there are more
    if (page.length > room) return { objects: first, objectCount, isCountExact: false, totalBytes }
  }
  return { objects: first, objectCount, isCountExact: true, totalBytes }
}
