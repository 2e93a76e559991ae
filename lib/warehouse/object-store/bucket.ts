import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type * as Sdk from '@aws-sdk/client-s3'
import { setEnvDefaults } from '@/lib/core/env'
import { logger } from '@/lib/core/logger'
import type { BucketSettings } from './bucket-settings'
import { sizes, usualPatience, type Patience } from './patience'
import { Slots } from './slots'
import { throwIfStopped } from './stopped'
import { codeOf, mayPass, statusOf, storageError, type Doing } from './storage-error'

/** The vendor’s client and its commands, for one attempt. */
export interface S3 {
  sdk: typeof Sdk
  client: Sdk.S3Client
  options: { abortSignal: AbortSignal }
  attempt: number
}

/** A bucket and the one client for it in this process. */
export class Bucket {
  readonly sends = new Slots(sizes.partsAtOnce)
  readonly smallSends = new Slots(sizes.smallAtOnce)
  readonly fetches = new Slots(sizes.rangesAtOnce)
  readonly hashes = new Slots(sizes.hashesAtOnce)
  /** Does it know `If-None-Match` on writes? It is believed to until it says no. */
  knowsConditions = true
  /** Are its ETags of bytes their MD5? Those of encrypted ones are something else. */
  tagsAreDigests = true
  private opened: Promise<Pick<S3, 'sdk' | 'client'>> | undefined

  constructor(
    readonly settings: BucketSettings,
    readonly patience: Patience = usualPatience,
  ) {}

  get name(): string {
    return this.settings.name
  }

  keyOf(key: string): string {
    return this.settings.prefix + key
  }

  /** Make a request until it passes, within reason. Throws AppError in words. */
  async ask<T>(doing: Doing, signal: AbortSignal | undefined, work: (s3: S3) => Promise<T>): Promise<T> {
    const { attempts } = this.patience
    const abortSignal = signal ?? new AbortController().signal
    // a run waits for many requests at once
    setMaxListeners(0, abortSignal)
    for (let attempt = 1; ; attempt++) {
      throwIfStopped(signal)
      try {
        return await work({ ...(await this.open()), options: { abortSignal }, attempt })
      } catch (error) {
        throwIfStopped(signal)
        if (attempt >= attempts || !mayPass(error)) throw storageError(error, this.settings, doing)
        logger('storage').debug({ act: doing.act, key: doing.key, attempt, status: statusOf(error), code: codeOf(error) }, 'the bucket is asked again')
        await this.pause(attempt, abortSignal)
      }
    }
  }

  /** Longer each time, and never the same for two that were refused together. */
  private async pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { firstPauseMs, longestPauseMs } = this.patience
    const most = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
    await wait(most * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => throwIfStopped(signal))
  }

  private open(): Promise<Pick<S3, 'sdk' | 'client'>> {
    this.opened ??= this.connect()
    return this.opened
  }

  private async connect(): Promise<Pick<S3, 'sdk' | 'client'>> {
    // which Node it will need next year is no news for those who read our log
    setEnvDefaults({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' })
    const sdk = await import('@aws-sdk/client-s3') // a big one, and an installation in a folder needs none
    const { endpoint, region, keys } = this.settings
    const { connectMs, idleMs } = this.patience
    const client = new sdk.S3Client({
      region,
      ...(endpoint === undefined ? { followRegionRedirects: true } : { endpoint, forcePathStyle: true }),
      ...(keys ? { credentials: keys } : {}),
      requestHandler: { connectionTimeout: connectMs, socketTimeout: idleMs },
      // tried again here, where the bytes of a broken answer are counted too
      maxAttempts: 1,
      // what is sent is signed with its SHA-256, which every store checks; trailing checksums are Amazon’s alone
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // a proxy that does not know it would cost seconds for each part
      expectContinueHeader: false,
    })
    return { sdk, client }
  }
}
