import { gunzipSync } from 'node:zlib'
import { resourceOf, type Blob, type Bucket } from './bucket'
import { pickFields } from './fields'
import { onlyKnown, RESOURCE_FIELDS } from './list-objects'
import { badParameter, Refusal } from './refusal'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

const PARAMETERS = ['alt', 'generation', 'ifGenerationMatch', 'fields', 'prettyPrint', 'projection']

export function getObject(bucket: Bucket, name: string, query: URLSearchParams, wants: { range?: string; gzip: boolean }, url: string): Answer {
  onlyKnown(query, PARAMETERS)
  const blob = bucket.get(name)
  const generation = number(query, 'generation')
  if (!blob || (generation !== null && generation !== blob.generation)) throw new Refusal(404, 'notFound', `No such object: ${bucket.name}/${name}`)
  const expected = number(query, 'ifGenerationMatch')
  if (expected !== null && expected !== blob.generation) throw new Refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', { locationType: 'header', location: 'If-Match' })
  return query.get('alt') === 'media' ? media(blob, wants) : json(pickFields(resourceOf(bucket.name, blob, url), query.get('fields'), RESOURCE_FIELDS))
}

export function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: Buffer.from(JSON.stringify(value)) }
}

function media(blob: Blob, wants: { range?: string; gzip: boolean }): Answer {
  const unzips = blob.contentEncoding === 'gzip' && !wants.gzip
  const headers: Record<string, string> = {
    'content-type': blob.contentType ?? 'application/octet-stream',
    'x-goog-generation': blob.generation,
    'x-goog-metageneration': '1',
    'x-goog-stored-content-encoding': blob.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(blob.bytes.length),
    'x-goog-hash': [`crc32c=${blob.crc32c}`, ...(blob.isComposite ? [] : [`md5=${blob.md5}`])].join(','),
    'last-modified': blob.created.toUTCString(),
  }
  // unzipped on its way, an object has no ranges: the whole of it is sent
  if (unzips) return { status: 200, headers: { ...headers, warning: '214 UploadServer gunzipped' }, body: gunzipSync(blob.bytes) }
  if (blob.contentEncoding) headers['content-encoding'] = blob.contentEncoding
  const range = rangeOf(wants.range, blob.bytes.length)
  if (!range) return { status: 200, headers, body: blob.bytes }
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${range.first}-${range.last}/${blob.bytes.length}` }, body: blob.bytes.subarray(range.first, range.last + 1) }
}

/** The first and the last byte; undefined where no range is asked for, or in a form that is no range. */
function rangeOf(header: string | undefined, size: number): { first: number; last: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if ((!from && !to) || (from && to && Number(from) > Number(to))) return undefined
  const first = from ? Number(from) : Math.max(0, size - Number(to))
  if (first >= size) throw new Refusal(416, 'requestedRangeNotSatisfiable', 'The requested range cannot be satisfied.', { locationType: 'header', location: 'Range' })
  return { first, last: from && to ? Math.min(Number(to), size - 1) : size - 1 }
}

function number(query: URLSearchParams, name: string): string | null {
  const text = query.get(name)
  if (text !== null && !/^\d{1,19}$/.test(text)) throw badParameter(name, `Invalid long value: '${text}'.`)
  return text
}
