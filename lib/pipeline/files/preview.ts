import { newId } from '@/lib/core/ids'
import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'
import { openFileEngines } from '@/lib/warehouse/file-engine/file-engines'
import { NoWorksheet } from '@/lib/warehouse/formats/excel/no-worksheet'
import { findFormat } from '@/lib/warehouse/formats/find-format'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import { EnginePool } from './engine-pool'
import type { FilesLook } from './files-look'
import { firstObjects } from './first-objects'
import { FoundColumns } from './found-columns'
import { lookAt, type Look } from './look-at'
import type { ReadContext } from './read-context'

interface Input {
  access: ObjectAccess
  settings: FilesSettings
  signal: AbortSignal
}

const NOTHING: Look = { columns: [], rows: [], csv: null, worksheets: [], notes: [] }

/** Lists the objects, and reads the beginning of the first one that has bytes. A file that is not of the format is shown among the others, as `problem`. Throws AppError for anything else. */
export async function previewFiles(input: Input): Promise<FilesLook> {
  const { access, signal } = input
  const { objects, ...counts } = await firstObjects(access, signal)
  const listed = { ...counts, objects: objects.map(({ key, bytes, modifiedAt }) => ({ address: `${access.addressPrefix}${key}`, bytes, modifiedAt })) }
  const first = objects.find(({ bytes }) => bytes !== 0)
  if (!first) return { ...listed, ...NOTHING, notes: objects.length ? ['The first files are empty'] : [], problem: null }
  try {
    return { ...listed, ...(await lookAtFirst(input, first)), problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_file') throw error
    return { ...listed, ...NOTHING, worksheets: error instanceof NoWorksheet ? error.worksheets : [], problem: error }
  }
}

async function lookAtFirst({ access, settings, signal }: Input, first: ListedObject): Promise<Look> {
  const scratch = await makeScratch(newId())
  const engines = await openFileEngines(1, signal)
  try {
    return await lookAt(contextOf(access, settings, signal, scratch, new EnginePool(engines.engines)), first)
  } finally {
    await engines.close()
    await scratch.remove()
  }
}

function contextOf(access: ObjectAccess, settings: FilesSettings, signal: AbortSignal, scratch: Scratch, pool: EnginePool): ReadContext {
  const job = { settings, columnNames: null, log: () => undefined, runId: '' }
  return { job, access, pool, scratch, signal, found: new FoundColumns(), syncedAt: '', onBytes: () => undefined, last: { like: null }, delta: null, format: findFormat(settings.format) }
}
