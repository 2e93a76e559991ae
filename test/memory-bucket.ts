import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { FilesConnector } from '@/lib/connectors/contract'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'

interface Stored {
  bytes: Uint8Array
  modifiedAt: string
  fingerprint: string
}

/** A bucket in memory, behind the contract of object stores; tests change it at any moment. */
export class MemoryBucket {
  readonly objects = new Map<string, Stored>()
  /** The keys that were read, in order, with repeats. */
  readonly reads: string[] = []
  /** Does its store tell states apart? */
  hasFingerprints = true
  /** Does it tell how long an object is, before that is read? */
  hasLengths = true
  /** Called before each chunk of an object is given. */
  onChunk: (key: string, from: number) => void | Promise<void> = () => undefined
  chunkBytes = 64 * 1024
  private clock = Date.parse('2026-01-01T00:00:00Z')

  /** Two puts at the same second have one `modifiedAt`, and two fingerprints. */
  put(key: string, content: string | Uint8Array, options: { sameSecond?: boolean } = {}): void {
    if (!options.sameSecond) this.clock += 1000
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    this.objects.set(key, { bytes, modifiedAt: new Date(this.clock).toISOString(), fingerprint: createHash('md5').update(bytes).digest('hex') })
  }

  delete(key: string): void {
    this.objects.delete(key)
  }

  get access(): ObjectAccess {
    return {
      addressPrefix: 'mem://bucket/',
      hasRanges: true,
      list: () => this.list(),
      stat: async (key) => this.listed(key),
      read: (object, span) => this.read(object, span),
    }
  }

  get connector(): FilesConnector {
    return {
      id: 'memory', label: 'Memory', group: 'self-managed', category: 'Files', description: '', config: z.unknown(), instructions: [],
      suggestName: () => 'Memory',
      check: () => nothing(),
      discover: async () => [],
      files: { patternExample: '', patternHelp: '', checkPattern: () => undefined, check: () => nothing(), open: () => this.access },
    }
  }

  private listed(key: string): ListedObject | null {
    const stored = this.objects.get(key)
    return stored ? { key, bytes: this.hasLengths ? stored.bytes.length : null, modifiedAt: stored.modifiedAt, fingerprint: this.hasFingerprints ? stored.fingerprint : null } : null
  }

  private async *list(): AsyncGenerator<ListedObject[]> {
    const keys = [...this.objects.keys()]
    for (let at = 0; at < keys.length; at += 1000) yield keys.slice(at, at + 1000).flatMap((key) => this.listed(key) ?? [])
  }

  private async *read({ key, fingerprint }: ListedObject, { from, to }: { from: number; to?: number }): AsyncGenerator<Uint8Array> {
    if (from === 0) this.reads.push(key)
    const first = this.objects.get(key)
    for (let at = from; ; at += this.chunkBytes) {
      await this.onChunk(key, at)
      const stored = this.objects.get(key)
      if (!stored || stored !== first || (fingerprint !== null && stored.fingerprint !== fingerprint)) throw new ObjectChanged(key)
      const end = Math.min(to ?? stored.bytes.length, stored.bytes.length)
      if (at >= end) return
      yield stored.bytes.subarray(at, Math.min(at + this.chunkBytes, end))
    }
  }
}

async function* nothing(): AsyncGenerator<never> {}
