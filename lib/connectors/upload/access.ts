import { stopped } from '../stopped'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import { listKept, openKept, type KeptFile } from './kept-files'
import type { NamePattern } from './name-pattern'

const PAGE = 500

/** The uploaded files of a table. Each is immutable; another one of the same name takes its place. */
export class UploadedFiles implements ObjectAccess {
  readonly addressPrefix = 'upload://'
  readonly hasRanges = true

  constructor(
    private readonly folder: string,
    private readonly pattern: NamePattern,
  ) {}

  async *list(signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    refuseStopped(signal)
    const files = (await listKept(this.folder)).filter(({ name }) => this.pattern.matches(name))
    for (let from = 0; from < files.length; from += PAGE) {
      yield files.slice(from, from + PAGE).map(toObject)
      refuseStopped(signal)
    }
  }

  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    refuseStopped(signal)
    const file = await this.find(key)
    return file && toObject(file)
  }

  async *read(object: ListedObject, { from, to = Infinity }: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    refuseStopped(signal)
    const file = await this.find(object.key)
    if (!file || file.sha256 !== object.fingerprint) throw new ObjectChanged(object.key)
    const end = Math.min(to, file.bytes)
    if (end <= from) return
    const handle = await openKept(this.folder, file.id)
    if (!handle) throw new ObjectChanged(object.key)
    // the stream closes the file, also when it is left early
    const stream = handle.createReadStream({ start: from, end: end - 1, highWaterMark: 256 * 1024 })
    for await (const chunk of stream) {
      refuseStopped(signal)
      yield chunk as Buffer // without an encoding a stream gives bytes
    }
  }

  private async find(key: string): Promise<KeptFile | null> {
    return this.pattern.matches(key) ? (await listKept(this.folder)).find(({ name }) => name === key) ?? null : null
  }
}

function toObject({ name, bytes, sha256, uploadedAt }: KeptFile): ListedObject {
  return { key: name, bytes, modifiedAt: uploadedAt, fingerprint: sha256 }
}

function refuseStopped(signal: AbortSignal): void {
  const end = stopped(signal, 'Reading the uploaded files')
  if (end) throw end
}
