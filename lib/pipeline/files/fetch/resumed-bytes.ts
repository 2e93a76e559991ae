import { createHash, type Hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { throwIfAborted } from '@/lib/warehouse/duckdb'

export interface ReadOptions {
  signal: AbortSignal
  /** Told of what came over the wire, repeats too. */
  onBytes?(bytes: number): void
  firstPauseSeconds?: number
}

/** Can a read go on in the middle? Without a fingerprint, nobody knows that the rest is of the same state. */
export function canResume(access: ObjectAccess, object: ListedObject): boolean {
  return access.hasRanges && object.fingerprint !== null
}

/**
 * The bytes [from, to) of an object, in order and each once. A read that breaks off goes on from where it came to; where that cannot be asked for, the object is read
 * from its start again, and what was given is left out (and compared, when nothing else tells its states apart).
 */
export async function* resumedBytes(access: ObjectAccess, object: ListedObject, span: { from: number; to?: number }, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const end = span.to ?? object.bytes
  const given = new Given(object)
  const patience = new Patience(options)
  const isResumed = canResume(access, object)
  const isAtEnd = (): boolean => end !== null && span.from + given.bytes === end
  while (!isAtEnd()) {
    try {
      const start = isResumed ? span.from + given.bytes : span.from
      given.readAgainFrom(isResumed ? given.bytes : 0)
      for await (const chunk of access.read(object, { ...span, from: start }, options.signal)) {
        throwIfAborted(options.signal)
        options.onBytes?.(chunk.length)
        const fresh = given.freshOf(chunk)
        if (fresh.length === 0) continue
        patience.renew()
        if (end !== null && span.from + given.bytes > end) throw tooLong(access, object, span)
        yield fresh
      }
      if (end === null || isAtEnd()) return
      await patience.spend(endedEarly(access, object, span.from + given.bytes))
    } catch (error) {
      throwIfAborted(options.signal)
      if (!(error instanceof AppError && error.isRetryable) || patience.isSpent) throw error
      // the connection broke after the last byte
      if (isAtEnd()) return
      await patience.spend(error)
    }
  }
}

/** What was given on already, and how far a repeated read has come. */
class Given {
  bytes = 0
  private readonly hash: Hash | null
  private again = 0
  private hashAgain: Hash | null = null

  constructor(private readonly object: ListedObject) {
    this.hash = object.fingerprint === null ? createHash('sha256') : null
  }

  readAgainFrom(start: number): void {
    this.again = start
    this.hashAgain = this.hash && this.bytes > 0 ? createHash('sha256') : null
  }

  /** The part of a chunk that was not given yet; counts it as given. */
  freshOf(chunk: Uint8Array): Uint8Array {
    const known = Math.min(this.bytes - this.again, chunk.length)
    this.again += known
    if (known > 0) this.hashAgain?.update(chunk.subarray(0, known))
    if (this.again === this.bytes) this.compare()
    const fresh = known === 0 ? chunk : chunk.subarray(known)
    this.hash?.update(fresh)
    this.bytes += fresh.length
    this.again += fresh.length
    return fresh
  }

  private compare(): void {
    if (!this.hash || !this.hashAgain) return
    if (this.hash.copy().digest('hex') !== this.hashAgain.digest('hex')) throw new ObjectChanged(this.object.key)
    this.hashAgain = null
  }
}

/** How often a read may break off, and how long it rests then: longer each time, never two at the same moment. */
class Patience {
  private tries = 0

  constructor(private readonly options: ReadOptions) {}

  get isSpent(): boolean {
    return this.tries >= limits.files.triesWithoutBytes
  }

  renew(): void {
    this.tries = 0
  }

  async spend(failure: AppError): Promise<void> {
    if (++this.tries >= limits.files.triesWithoutBytes) throw failure
    const growing = (this.options.firstPauseSeconds ?? limits.files.firstPauseSeconds) * 2 ** (this.tries - 1) * (0.5 + Math.random())
    const seconds = Math.min(Math.max(growing, failure.retryAfterSeconds ?? 0), limits.files.longestPauseSeconds)
    await setTimeout(seconds * 1000, undefined, { signal: this.options.signal }).catch(() => throwIfAborted(this.options.signal))
  }
}

function tooLong(access: ObjectAccess, object: ListedObject, span: { from: number; to?: number }): Error {
  if (span.to === undefined) return new ObjectChanged(object.key)
  return new AppError('source', { title: `${access.addressPrefix}${object.key} cannot be read in parts`, detail: 'The store sent more than it was asked for', advice: 'Check the endpoint: something between here and the store may drop the Range header' })
}

function endedEarly(access: ObjectAccess, object: ListedObject, at: number): AppError {
  return new AppError('unreachable', { title: `${access.addressPrefix}${object.key} broke off while it was read`, detail: `${at.toLocaleString('en')} of ${object.bytes?.toLocaleString('en')} bytes had come`, advice: 'Sync again; if it stays, check the connection to the store' }, { isRetryable: true })
}
