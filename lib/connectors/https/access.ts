import { AppError } from '@/lib/core/errors'
import { inParallel } from '../http/in-parallel'
import { Resting } from '../http/resting'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import type { FileAddress } from './addresses'
import { Hosts } from '../objects/follow'
import { httpsError } from './https-error'

const AT_ONCE = 8

interface Told {
  status: number
  headers: Record<string, string>
}

/** Files at public addresses. What a web server tells of them is a courtesy: each part of it may be missing. */
export class PublicFiles implements ObjectAccess {
  readonly addressPrefix = ''
  /** By key: what each was said to be, when it was last looked at. */
  readonly contentTypes = new Map<string, string>()
  private readonly withoutRanges = new Set<string>()
  private readonly looked = new Set<string>()
  private readonly hosts = new Resting(() => new Hosts())

  constructor(private readonly files: FileAddress[]) {}

  /** Known once the files were looked at: of every one, or nothing can be said. */
  get hasRanges(): boolean {
    return this.looked.size > 0 && this.withoutRanges.size === 0
  }

  /** A file that is not there is a failure: its address was entered by a person, and nothing says that it was meant to vanish. */
  async *list(signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    for await (const object of inParallel(this.files, AT_ONCE, (file, stop) => this.look(file, stop), signal)) yield [object]
  }

  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    const file = this.files.find((each) => each.key === key)
    if (!file) return null
    try {
      return await this.look(file, signal)
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null
      throw error
    }
  }

  read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.hosts.iterate((hosts) => this.bytes(hosts, object, span, signal))
  }

  private async look({ key, url }: FileAddress, signal: AbortSignal): Promise<ListedObject> {
    const { status, headers } = await this.hosts.use(async (hosts) => {
      const head = await hosts.ask<Told>(url, (http, at) => http.send({ method: 'HEAD', path: at.href, keepsRedirects: true }, signal))
      // many servers refuse to tell what they would send, or tell nothing of it
      return head.status === 200 && Number(head.headers['content-length'] ?? 0) > 0 ? head : await this.firstByte(hosts, url, signal)
    })
    if (status !== 200 && status !== 206) throw httpsError(status, key, url.host)
    this.looked.add(key)
    this.contentTypes.set(key, (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '')
    const object = objectOf(key, status, headers)
    const sendsParts = status === 206 || headers['accept-ranges']?.toLowerCase() === 'bytes'
    // parts of a file that cannot be told from its next state would not fit together
    if (sendsParts && object.fingerprint !== null) this.withoutRanges.delete(key)
    else this.withoutRanges.add(key)
    return object
  }

  private firstByte(hosts: Hosts, url: URL, signal: AbortSignal): Promise<Told> {
    return hosts.ask(url, async (http, at) => {
      const answer = await http.stream({ path: at.href, headers: { range: 'bytes=0-0' } }, signal)
      answer.drop()
      // of an empty file there is no first byte
      if (answer.status === 416 && answer.headers['content-range']?.endsWith('*/0')) return { status: 200, headers: { ...answer.headers, 'content-length': '0' } }
      return answer
    })
  }

  private async *bytes(hosts: Hosts, object: ListedObject, { from, to }: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const file = this.files.find(({ key }) => key === object.key)
    if (!file || (to !== undefined && to <= from)) return
    const etag = object.fingerprint?.slice(0, object.fingerprint.lastIndexOf(' '))
    const isPart = from > 0 || to !== undefined
    const headers = { ...(etag !== undefined && { 'if-match': etag }), ...(isPart && { range: `bytes=${from}-${to === undefined ? '' : to - 1}` }) }
    const answer = await hosts.ask(file.url, (http, at) => http.stream({ path: at.href, headers }, signal))
    if ([404, 410, 412, 416].includes(answer.status)) throw new ObjectChanged(object.key)
    if (!answer.bytes) throw httpsError(answer.status, object.key, file.url.host)
    if (!isSame(object, answer) || (answer.status === 206 && !answer.headers['content-range']?.startsWith(`bytes ${from}-`))) {
      answer.drop()
      throw new ObjectChanged(object.key)
    }
    if (answer.status === 206 || !isPart) return yield* answer.bytes
    yield* part(answer.bytes, from, to ?? Infinity)
  }
}

/** The server sent all of it where a part was asked for. */
async function* part(bytes: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of bytes) {
    const wanted = chunk.subarray(Math.max(from - at, 0), Math.max(to - at, 0))
    at += chunk.length
    if (wanted.length > 0) yield wanted
    if (at >= to) return
  }
}

function objectOf(key: string, status: number, headers: Record<string, string>): ListedObject {
  const modified = Date.parse(headers['last-modified'] ?? '')
  const bytes = lengthOf(status, headers)
  const etag = headers.etag ?? ''
  // a weak one only says that two states mean the same
  const isStrong = /^"[^"]+"$/.test(etag)
  return { key, bytes, modifiedAt: Number.isNaN(modified) ? null : new Date(modified).toISOString(), fingerprint: isStrong && bytes !== null ? `${etag} ${bytes}` : null }
}

function lengthOf(status: number, headers: Record<string, string>): number | null {
  const text = status === 206 ? /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] : headers['content-length']
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text)
}

function isSame(object: ListedObject, { status, headers }: Told): boolean {
  const now = objectOf(object.key, status, headers)
  if (object.fingerprint !== null && headers.etag !== undefined) return now.fingerprint === object.fingerprint || (now.bytes === null && object.fingerprint.startsWith(`${headers.etag} `))
  return object.bytes === null || now.bytes === null || object.bytes === now.bytes
}
