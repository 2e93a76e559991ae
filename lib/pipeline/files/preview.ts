import { newId } from '@/lib/core/ids'
import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import type { FilesSettings } from '@/lib/core/files-settings'
import { openFileEngines } from '@/lib/warehouse/file-engine/file-engines'
import { findFormat } from '@/lib/warehouse/formats/find-format'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import { EnginePool } from './engine-pool'
import type { FilesLook } from './files-look'
import { FoundColumns } from './found-columns'
import { lookAt } from './look-at'
import type { ReadContext } from './read-context'

const SHOWN = 20
const COUNTED = 10_000

/** Lists the objects and reads the beginning of the first one that has bytes. Throws AppError, or FileProblem for a file that is not of the format. */
export async function previewFiles({ access, settings, signal }: { access: ObjectAccess; settings: FilesSettings; signal: AbortSignal }): Promise<FilesLook> {
  const { objects, count, isCountExact, totalBytes } = await firstObjects(access, signal)
  const shown = objects.map(({ key, bytes, modifiedAt }) => ({ address: `${access.addressPrefix}${key}`, bytes, modifiedAt }))
  const listed = { objects: shown, objectCount: count, isCountExact, totalBytes }
  const first = objects.find(({ bytes }) => bytes !== 0)
  if (!first) return { ...listed, columns: [], rows: [], csv: null, notes: count ? ['The first files are empty'] : [] }
  const scratch = await makeScratch(newId())
  const engines = await openFileEngines(1, signal)
  try {
    return { ...listed, ...(await lookAt(contextOf(access, settings, signal, scratch, new EnginePool(engines.engines)), first)) }
  } finally {
    await engines.close()
    await scratch.remove()
  }
}

function contextOf(access: ObjectAccess, settings: FilesSettings, signal: AbortSignal, scratch: Scratch, pool: EnginePool): ReadContext {
  const job = { settings, columnNames: null, log: () => undefined, runId: '' }
  return { job, access, pool, scratch, signal, found: new FoundColumns(), syncedAt: '', onBytes: () => undefined, last: { like: null }, delta: null, format: findFormat(settings.format) }
}

async function firstObjects(access: ObjectAccess, signal: AbortSignal) {
  let objects: ListedObject[] = []
  let count = 0
  let totalBytes: number | null = 0
  let isCountExact = true
  for await (const page of access.list(signal)) {
    objects = [...objects, ...page].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, SHOWN)
    count += page.length
    for (const { bytes } of page) totalBytes = totalBytes === null || bytes === null ? null : totalBytes + bytes
    if (count < COUNTED) continue
    isCountExact = false
    break
  }
  return { objects, count, isCountExact, totalBytes }
}
