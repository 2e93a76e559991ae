import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { openHttp, type Http, type HttpAnswer, type HttpRequest } from '../http'
import { Resting } from '../http/resting'
import { googleAuth, keyFileSecrets, serviceAccountOf, type ServiceAccount } from '../objects/google-token'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import type { FilesAddress } from '../objects/pattern'
import { atOnce } from '../objects/at-once'
import { partOf, rangesAt, type KeyRange } from '../objects/key-range'
import { readAhead } from '../objects/read-ahead'
import { parseAnswer } from '../parse-answer'
import { stopped } from '../stopped'
import { gcsError, type Doing } from './gcs-error'

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only'
/** Google's own most. */
const PAGE = 1000
/** A bucket takes this many reads a second and more: https://cloud.google.com/storage/docs/request-rate. */
const LIKELY_PER_SECOND = 5000

const Item = z.object({ name: z.string(), size: z.coerce.number().int().nonnegative(), updated: z.string(), generation: z.string().regex(/^\d+$/) })
type Item = z.output<typeof Item>
const FIELDS = 'name,size,updated,generation'
const Page = z.object({ items: z.array(Item).default([]), nextPageToken: z.string().optional() })

export interface JsonAccount {
  keyFile: string
  endpoint: string
}

/** A session of the JSON API; its token is shared by all who read at the same time, and renewed before it expires. */
export function openGcs({ keyFile, endpoint }: JsonAccount): Http {
  const account = serviceAccountOf(keyFile)
  return openHttp({ baseUrl: endpoint, account: account.client_email, auth: googleAuth(account, SCOPE, endpoint), secrets: keyFileSecrets(keyFile), likelyPerSecond: LIKELY_PER_SECOND, mostPerSecond: LIKELY_PER_SECOND })
}

/** The objects of a bucket that match, by Google's own API. */
export class GcsObjects implements ObjectAccess {
  readonly hasRanges = true
  readonly addressPrefix: string
  private readonly sessions: Resting<Http>
  private readonly account: ServiceAccount

  constructor(
    account: JsonAccount,
    private readonly address: FilesAddress,
  ) {
    this.addressPrefix = `gs://${address.bucket}/`
    this.account = serviceAccountOf(account.keyFile)
    this.sessions = new Resting(() => openGcs(account))
  }

  async *list(signal: AbortSignal, at: string[] = []): AsyncGenerator<ListedObject[]> {
    const { only } = this.address
    if (only !== null) {
      const object = await this.stat(only, signal)
      return yield object ? [object] : []
    }
    for await (const page of this.sessions.iterate((http) => atOnce(rangesAt(at).map((range) => readAhead(this.pages(http, range, signal)))))) {
      yield page
      const why = stopped(signal, 'Google Cloud Storage')
      if (why) throw why
    }
  }

  private async *pages(http: Http, range: KeyRange, signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    let before: string | undefined
    for await (const { items } of this.rawPages(http, this.address.prefix, signal, range.after)) {
      const { objects, isEnd } = partOf(items.map(listed), range, before)
      before = items.at(-1)?.name ?? before
      yield objects.filter(({ key, bytes }) => !(key.endsWith('/') && bytes === 0) && this.address.matches(key))
      if (isEnd) return
    }
  }

  /** `from`: the name to begin with, or the next one. */
  private async *rawPages(http: Http, prefix: string, signal: AbortSignal, from?: string): AsyncGenerator<z.output<typeof Page>> {
    const query = { prefix, maxResults: String(PAGE), fields: `nextPageToken,items(${FIELDS})`, ...(from !== undefined && { startOffset: from }) }
    let pageToken: string | undefined
    do {
      const answer = await http.send({ path: this.path(), query: { ...query, ...(pageToken !== undefined && { pageToken }) } }, signal)
      const page = this.parsed(answer, Page, { act: 'list' })
      yield page
      pageToken = page.nextPageToken
    } while (pageToken)
  }

  /** The first names that begin with this, whether they match or not. */
  async namesUnder(prefix: string, signal: AbortSignal): Promise<string[]> {
    return this.sessions.use(async (http) => {
      for await (const { items } of this.rawPages(http, prefix, signal)) return items.map(({ name }) => name)
      return []
    })
  }

  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    const answer = await this.sessions.use((http) => http.send({ path: this.path(key), query: { fields: FIELDS } }, signal))
    if (answer.status === 404 && gcsError(answer, this.doing({ act: 'read', key })).title === 'There is no such file') return null
    return listed(this.parsed(answer, Item, { act: 'read', key }))
  }

  read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.sessions.iterate((http) => this.bytes(http, object, span, signal))
  }

  private async *bytes(http: Http, { key, bytes: length, fingerprint }: ListedObject, { from, to }: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if ((to ?? length ?? Infinity) <= from && !(length === 0 && from === 0)) return
    const isPart = from > 0 || (to !== undefined && to !== length)
    const request: HttpRequest = {
      path: this.path(key),
      query: { alt: 'media', ...(fingerprint !== null && { ifGenerationMatch: fingerprint }) },
      // without gzip Google unpacks what is stored packed, and its bytes would not be those that were listed
      headers: { accept: '*/*', 'accept-encoding': 'gzip', ...(isPart && { range: `bytes=${from}-${to === undefined ? '' : to - 1}` }) },
    }
    const answer = await http.stream(request, signal)
    if ([404, 412, 416].includes(answer.status)) throw new ObjectChanged(key)
    if (!answer.bytes) throw gcsError(answer, this.doing({ act: 'read', key }))
    const isOther = (answer.headers['x-goog-generation'] ?? fingerprint) !== fingerprint
    if (isOther || (isPart && answer.status !== 206)) answer.drop()
    if (isOther) throw new ObjectChanged(key)
    if (isPart && answer.status !== 206) throw new AppError('source', { title: 'Google did not send the part that was asked for', detail: `${key}: HTTP ${answer.status}, of ${length ?? 'unknown'} bytes`, advice: 'Check the address of the API' })
    yield* answer.bytes
  }

  private path(key?: string): string {
    return `storage/v1/b/${encodeURIComponent(this.address.bucket)}/o${key === undefined ? '' : `/${encodeURIComponent(key)}`}`
  }

  private parsed<T>(answer: HttpAnswer, shape: z.ZodType<T>, doing: Pick<Doing, 'act' | 'key'>): T {
    if (answer.status !== 200) throw gcsError(answer, this.doing(doing))
    return parseAnswer(shape, jsonOf(answer.body), 'Google Cloud Storage')
  }

  private doing(doing: Pick<Doing, 'act' | 'key'>): Doing {
    return { bucket: this.address.bucket, who: this.account.client_email, ...doing }
  }
}

function listed({ name, size, updated, generation }: Item): ListedObject {
  return { key: name, bytes: size, modifiedAt: Number.isNaN(Date.parse(updated)) ? null : new Date(updated).toISOString(), fingerprint: generation }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined // refused by the shape
  }
}
