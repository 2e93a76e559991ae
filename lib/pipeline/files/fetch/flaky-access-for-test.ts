import { ObjectChanged, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'

export interface Flaws {
  /** Each read from the store breaks off once it has come to the next of these places: with an error, or without a word. */
  drops?: { at: number; how: 'error' | 'silence' }[]
  /** At this place the object turns out to be another one. */
  changesAt?: number
  /** From this place on it is other bytes under the same name. */
  otherBytes?: { afterReads: number; bytes: Uint8Array }
  /** Nothing comes from this place on, and no signal is heard. */
  hangsAt?: number
  /** More comes than was asked for. */
  tooMuch?: number
}

/** A store with one object and the flaws of real ones. */
export class FlakyAccess implements ObjectAccess {
  addressPrefix = 'mem://bucket/'
  reads: { from: number; to?: number }[] = []
  /** Reads that were begun and not ended. */
  open = 0
  private readonly drops: { at: number; how: 'error' | 'silence' }[]

  constructor(
    private readonly bytes: Uint8Array,
    private readonly chunkBytes: number,
    readonly flaws: Flaws = {},
    readonly hasRanges = true,
  ) {
    this.drops = [...(flaws.drops ?? [])]
  }

  listed(given: Partial<ListedObject> = {}): ListedObject {
    return { key: 'a.csv', bytes: this.bytes.length, modifiedAt: null, fingerprint: '"1"', ...given }
  }

  async *list(): AsyncGenerator<ListedObject[]> {
    yield [this.listed()]
  }

  async stat(): Promise<ListedObject> {
    return this.listed()
  }

  async *read(object: ListedObject, span: { from: number; to?: number }): AsyncGenerator<Uint8Array> {
    this.reads.push(span)
    this.open++
    try {
      const { otherBytes, tooMuch = 0 } = this.flaws
      const source = otherBytes && this.reads.length > otherBytes.afterReads ? otherBytes.bytes : this.bytes
      const bytes = tooMuch ? Buffer.concat([source, Buffer.alloc(tooMuch)]) : source
      const to = Math.min((span.to ?? bytes.length) + (span.to === undefined ? 0 : tooMuch), bytes.length)
      for (let at = span.from; at < to; at += this.chunkBytes) {
        await this.misbehave(object, at)
        yield bytes.subarray(at, Math.min(at + this.chunkBytes, to))
        const index = this.drops.findIndex((drop) => drop.at >= at && drop.at < at + this.chunkBytes)
        const [drop] = index < 0 ? [] : this.drops.splice(index, 1)
        if (drop?.how === 'silence') return
        if (drop) throw brokenOff()
      }
    } finally {
      this.open--
    }
  }

  private async misbehave(object: ListedObject, at: number): Promise<void> {
    const { changesAt, hangsAt } = this.flaws
    if (changesAt !== undefined && at >= changesAt) throw new ObjectChanged(object.key)
    if (hangsAt !== undefined && at >= hangsAt) await new Promise(() => {})
  }
}

export function brokenOff(): AppError {
  return new AppError('unreachable', { title: 'The connection broke' }, { isRetryable: true })
}

/** Bytes that tell where they stand. */
export function numberedBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count)
  for (let index = 0; index < count; index++) bytes[index] = (index * 31 + (index >> 8) * 7 + (index >> 16)) & 0xff
  return bytes
}

export async function joined(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

export async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}
