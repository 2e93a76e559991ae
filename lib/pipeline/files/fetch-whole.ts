import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { fetchToFile } from './fetch/fetch-to-file'
import { addressOf, type ReadContext } from './read-context'

/** An object on this machine, whole. */
export async function fetchWhole(context: ReadContext, object: ListedObject, ending: string): Promise<{ path: string; bytes: number; address: string; digest: string | null }> {
  const path = context.scratch.file(ending)
  const bytes = await fetchToFile(context.access, object, path, context.signal, { onBytes: (more) => context.onBytes(more) })
  return { path, bytes, address: addressOf(context, object.key), digest: object.fingerprint === null ? await digestOf(path) : null }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
