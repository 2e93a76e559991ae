import { formatBytes } from '@/lib/core/format'
import type { Bookmark, ReadObserver, RowsBatch } from '../../contract'
import { readAccount } from '../account'
import type { StripeConfig } from '../config'
import { MOST_AT_ONCE, type StripeApi } from '../stripe-client'
import type { StripeSchema } from '../stripe-schema'
import { writeBookmark, type Progress } from './bookmark'
import { ObjectRows, type Row } from './object-rows'
import { Requests } from './requests'

/** What every step of one read has at hand. */
export class Reading {
  readonly requests: Requests
  readonly objects: ObjectRows
  rows = 0
  private bytesTold = 0

  constructor(
    readonly schema: StripeSchema,
    readonly config: StripeConfig,
    private readonly api: StripeApi,
    readonly signal: AbortSignal,
    private readonly observer: ReadObserver | undefined,
  ) {
    this.requests = new Requests(api, schema, config, MOST_AT_ONCE)
    this.objects = new ObjectRows(schema, this.requests)
  }

  /** The account that the key reads, where Stripe tells it. */
  async account(): Promise<string | null> {
    return (await readAccount(this.api, this.signal))?.id ?? null
  }

  log(message: string): void {
    this.observer?.log('info', message)
  }

  bookmark(progress: Progress): Bookmark {
    return writeBookmark(progress, this.config)
  }

  batch(rows: Row[], removals: Record<string, string>[], bookmark?: Bookmark): RowsBatch {
    const bytes = this.requests.bytes - this.bytesTold
    this.bytesTold = this.requests.bytes
    this.rows += rows.length
    return { kind: 'rows', rows, removals, ...(bookmark && { bookmark }), bytes }
  }

  /** @param left how many rows are still to come; null when that is not known. */
  tell(left: number | null): void {
    this.observer?.progress({ rowsExpected: left === null ? null : this.rows + left, pace: this.api.pace() })
  }

  logUsage(): void {
    const { requests, retries, refused, waitedSeconds, bytes } = this.api.usage
    const parts = [count(requests, 'request'), count(retries, 'retry', 'retries'), `${refused} refused`, `${(waitedSeconds / Math.max(1, requests)).toFixed(1)} s of waiting for each`, `${formatBytes(bytes)} over the wire`]
    this.log(parts.join(', '))
  }
}

/** "1 page", "12 pages", "34,000 objects". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
