import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Accounts, type ServiceAccountKey } from './accounts'
import { Bucket, type Grant, type NewBlob } from './bucket'
import { getObject, json, type Answer } from './get-object'
import { listObjects } from './list-objects'
import { Refusal, TokenRefusal } from './refusal'

export type { ServiceAccountKey } from './accounts'

/** What befalls the next requests whose path and query hold a text: once, or so many times. */
export interface Trouble {
  in: string
  times?: number
  /** Answered with this status instead. */
  status?: number
  /** The connection is cut after so many bytes of the body. */
  cutAfter?: number
  /** Never answered. */
  holds?: boolean
  /** Called just before the answer: the bucket changes in the middle of a read. */
  before?: () => void
}

export interface Seen {
  method: string
  path: string
  range: string | undefined
  status: number
}

/** Google Cloud Storage's JSON API and Google's token endpoint, on a free port of this machine. See README.md for what it is not. */
export class GcsServer {
  url = ''
  /** How long a bearer token lives, in seconds. */
  tokenSeconds = 3599
  readonly requests: Seen[] = []
  private ahead = 0
  private lastGeneration = 0
  private readonly accounts = new Accounts()
  private readonly buckets = new Map<string, Bucket>()
  private readonly troubles: Trouble[] = []
  private readonly server = http.createServer((request, response) => void this.serve(request, response))

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` // it listens on a port, not on a pipe
    return this
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  /** A new key for an account, as the file that people download. The account may do nothing yet. */
  createKey(account: string): ServiceAccountKey {
    return this.accounts.create(account, `${this.url}/token`)
  }

  deleteKey(key: ServiceAccountKey): void {
    this.accounts.deleteKey(key)
  }

  createBucket(name: string): void {
    this.buckets.set(name, new Bucket(name))
  }

  /** To an account by its address, or to `allUsers`. */
  grant(bucket: string, member: string, grant: Partial<Grant>): void {
    this.bucket(bucket).grants.set(member, { list: false, read: false, ...grant })
  }

  /** A new object, or a new generation of one; returns the generation. */
  putObject(bucket: string, name: string, body: Uint8Array | string, more?: NewBlob): string {
    this.lastGeneration = Math.max(this.lastGeneration + 1, this.now() * 1000)
    this.bucket(bucket).put(name, body, String(this.lastGeneration), new Date(this.now()), more)
    return String(this.lastGeneration)
  }

  deleteObject(bucket: string, name: string): void {
    this.bucket(bucket).delete(name)
  }

  /** Its clock goes ahead of ours, or behind. */
  advance(seconds: number): void {
    this.ahead += seconds * 1000
  }

  trouble(trouble: Trouble): void {
    this.troubles.push({ times: 1, ...trouble })
  }

  private now(): number {
    return Date.now() + this.ahead
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const trouble = this.troubles.find((each) => path.includes(each.in) && each.times! > 0)
    if (trouble) trouble.times!--
    trouble?.before?.()
    const seen: Seen = { method: request.method ?? '', path, range: request.headers.range, status: 0 }
    this.requests.push(seen)
    if (trouble?.holds) return
    const answer = trouble?.status ? refused(new Refusal(trouble.status, 'backendError', 'We encountered an internal error. Please try again.'), false) : await this.answer(request, path)
    seen.status = answer.status
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length, date: new Date(this.now()).toUTCString() })
    if (trouble?.cutAfter === undefined) response.end(answer.body)
    else response.write(answer.body.subarray(0, trouble.cutAfter), () => request.socket.destroy())
  }

  private async answer(request: http.IncomingMessage, path: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(path, this.url)
    try {
      if (pathname === '/token') return await this.token(request)
      const [, bucketName, object] = /^(?:\/download)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(pathname) ?? []
      if (request.method !== 'GET' || bucketName === undefined) throw new Refusal(404, 'notFound', 'Not Found')
      const account = this.accounts.whoIs(request.headers.authorization, this.now() / 1000)
      const bucket = this.buckets.get(decodeURIComponent(bucketName))
      if (!bucket) throw new Refusal(404, 'notFound', 'The specified bucket does not exist.')
      if (!bucket.may(account, object === undefined ? 'list' : 'read')) throw denied(account, object === undefined ? 'list' : 'get')
      if (object === undefined) return json(listObjects(bucket, searchParams, this.url))
      return getObject(bucket, decodeURIComponent(object), searchParams, { range: request.headers.range, gzip: /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) }, this.url)
    } catch (error) {
      if (error instanceof TokenRefusal) return json(error.body(), 400)
      if (error instanceof Refusal) return refused(error, searchParams.get('alt') === 'media')
      return refused(new Refusal(500, 'emulatorFault', String(error)), false)
    }
  }

  private async token(request: http.IncomingMessage): Promise<Answer> {
    if (request.method !== 'POST' || !String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) throw new TokenRefusal('invalid_request', 'A form is to be posted here')
    return json(this.accounts.exchange(new URLSearchParams(await text(request)), `${this.url}/token`, this.now() / 1000, this.tokenSeconds))
  }

  private bucket(name: string): Bucket {
    const bucket = this.buckets.get(name)
    if (!bucket) throw new Error(`There is no bucket ${name}`)
    return bucket
  }
}

/** Where bytes are asked for, a refusal is bare text. */
function refused(refusal: Refusal, isMedia: boolean): Answer {
  return isMedia ? { status: refusal.status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: Buffer.from(refusal.message) } : json(refusal.body(), refusal.status)
}

function denied(account: string | undefined, verb: 'list' | 'get'): Refusal {
  const kind = verb === 'list' ? 'bucket' : 'object'
  const words = `${account ?? 'Anonymous caller'} does not have storage.objects.${verb} access to the Google Cloud Storage ${kind}. Permission 'storage.objects.${verb}' denied on resource (or it may not exist).`
  return account === undefined ? new Refusal(401, 'required', words, { locationType: 'header', location: 'Authorization' }) : new Refusal(403, 'forbidden', words)
}

export function startGcs(): Promise<GcsServer> {
  return new GcsServer().listen()
}
