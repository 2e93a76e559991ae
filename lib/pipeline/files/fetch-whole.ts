import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { fileDigest } from '@/lib/warehouse/object-store/digest'
import { fetchToFile } from './fetch/fetch-to-file'
import { addressOf, type ReadContext } from './read-context'

/** An object on this machine, whole. */
export async function fetchWhole(context: ReadContext, object: ListedObject, ending: string): Promise<{ path: string; bytes: number; address: string; digest: string | null }> {
  const path = context.scratch.file(ending)
  const bytes = await fetchToFile(context.access, object, path, context.signal, { onBytes: (more) => context.onBytes(more) })
  return { path, bytes, address: addressOf(context, object.key), digest: object.fingerprint === null ? await fileDigest(path) : null }
}
