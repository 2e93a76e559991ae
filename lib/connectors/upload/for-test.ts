import { newId } from '@/lib/core/ids'
import { newFolderId } from './folder'
import type { KeptFile } from './kept-files'
import { beginUpload, receivePart } from './receive'

const never = new AbortController().signal

export async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

/** A folder of some workspace. */
export function someFolder(): string {
  return newFolderId(newId())
}

/** Uploads a file whole. */
export async function put(folder: string, name: string, body: string | Uint8Array): Promise<KeptFile> {
  const { id } = await beginUpload(folder, name, Buffer.byteLength(body))
  const { kept } = await receivePart({ folder, id, from: 0, length: null, bytes: chunks(body) }, never)
  if (!kept) throw new Error(`${name} did not arrive whole`)
  return kept
}
