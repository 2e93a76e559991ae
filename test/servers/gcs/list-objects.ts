import { resourceOf, type Bucket } from './bucket'
import { pickFields } from './fields'
import { badParameter, Refusal } from './refusal'

const MOST = 1000
const PARAMETERS = ['prefix', 'pageToken', 'maxResults', 'startOffset', 'fields', 'alt', 'prettyPrint', 'projection']
export const RESOURCE_FIELDS = ['kind', 'id', 'selfLink', 'mediaLink', 'name', 'bucket', 'generation', 'metageneration', 'contentType', 'contentEncoding', 'storageClass', 'size', 'md5Hash', 'crc32c', 'componentCount', 'etag', 'timeCreated', 'updated', 'timeStorageClassUpdated']

export function listObjects(bucket: Bucket, query: URLSearchParams, url: string): Record<string, unknown> {
  onlyKnown(query, PARAMETERS)
  const most = pageSize(query.get('maxResults'))
  const prefix = query.get('prefix') ?? ''
  const token = query.get('pageToken')
  const after = token === null ? undefined : lastName(token)
  const start = [query.get('startOffset') ?? '', prefix].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))[1]!
  const items: Record<string, unknown>[] = []
  let last = ''
  let hasMore = false
  for (const blob of bucket.from(after ?? start, after !== undefined)) {
    if (!blob.name.startsWith(prefix)) break
    hasMore = items.length === most
    if (hasMore) break
    items.push(resourceOf(bucket.name, blob, url))
    last = blob.name
  }
  const answer = { kind: 'storage#objects', ...(hasMore ? { nextPageToken: Buffer.from(`after:${last}`).toString('base64') } : {}), ...(items.length ? { items } : {}) }
  return pickFields(answer, query.get('fields'), ['items', 'nextPageToken', 'prefixes', ...RESOURCE_FIELDS])
}

/** Whatever else the service knows, a test must not rest on its being ignored here. */
export function onlyKnown(query: URLSearchParams, known: string[]): void {
  for (const name of query.keys()) if (!known.includes(name)) throw new Refusal(501, 'notImplemented', `The emulator does not know the parameter ${name}`)
}

function pageSize(text: string | null): number {
  if (text === null) return MOST
  if (!/^\d{1,10}$/.test(text) || Number(text) === 0) throw badParameter('maxResults', `Invalid unsigned integer value: '${text}'.`)
  return Math.min(Number(text), MOST)
}

function lastName(token: string): string {
  const text = Buffer.from(token, 'base64').toString()
  if (!text.startsWith('after:')) throw badParameter('pageToken', 'Invalid argument.')
  return text.slice('after:'.length)
}
