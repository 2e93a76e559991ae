import { afterEach, describe, expect, test, vi } from 'vitest'
import { toSentence } from '@/lib/core/errors'
import { hasNoRadosgw, startRadosgw } from '@/test/servers/radosgw'
import { clientOf } from '@/test/servers/ceph/client'
import { putObjects } from '@/test/servers/ceph/put-objects'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { closeAll, serve } from '../../http/service-for-test'
import { s3 } from '../../s3/connector'
import { all, failure, outcome } from '../../suite/suite'
import { bytesOf, listed, never } from '../../suite/suite-store'
import { ObjectChanged, type ListedObject } from '../object-access'

afterEach(closeAll)
afterEach(() => void vi.useRealTimers())

const OBJECT: ListedObject = { key: 'a.csv', bytes: 10, modifiedAt: null, fingerprint: 'e1 10' }

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string
}

const refusal = (code: string, message = 'No', more = '') => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`

/** A store that answers every request like this: for what no peer can be made to say. */
async function answering(answer: Answer | ((path: string) => Answer)) {
  const service = await serve((request, response) => {
    const { status = 200, headers, body = '' } = typeof answer === 'function' ? answer(request.url ?? '') : answer
    response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body)
  })
  return s3.files.open(s3.config.parse({ endpoint: service.url, access_key_id: 'AKIA', secret_access_key: 'secret-words' }), 's3://shop/**')
}

test.each([
  ['InvalidObjectState', 403, '', 'source', /archived/],
  ['AccessDenied', 403, 'User: x is not authorized to perform: kms:Decrypt on the resource', 'permission', /kms:Decrypt/],
  ['KMS.DisabledException', 400, '', 'permission', /encrypted with a key/],
  ['AccessDenied', 403, '', 'permission', /s3:GetObject.*requester pays.*arn:aws:s3:::shop\/\*/],
  ['InvalidRequest', 400, 'The object was stored using a form of Server Side Encryption.', 'permission', /encrypted with a key of its owner/],
  ['ExpiredToken', 400, '', 'credentials', /session token/],
  ['InvalidArgument', 400, 'Credential access key has length 20, should be 32', 'credentials', /does not know the access key/],
  ['Unauthorized', 401, '', 'credentials', /does not know the access key/],
  ['NoSuchBucket', 404, '', 'not_found', /no bucket named shop/],
])('%s (%i) of a read is told in words, and nothing that the store said', async (code, status, message, expected, words) => {
  const access = await answering({ status, body: refusal(code, `${message} secret-words`) })
  const error = await failure(bytesOf(access, OBJECT))
  expect(error).toMatchObject({ code: expected, isRetryable: false, advice: expect.any(String) })
  expect(toSentence(error)).toMatch(words)
  expect(toSentence(error)).not.toContain('secret-words')
})

test.each([
  ['SlowDown', 503, 'rate_limited'],
  ['InternalError', 500, 'source'],
])('%s (%i) of a read may pass, and is not tried again behind the reader’s back', async (code, status, expected) => {
  let asked = 0
  const access = await answering(() => (asked++, { status, body: refusal(code) }))
  expect(await failure(bytesOf(access, OBJECT))).toMatchObject({ code: expected, isRetryable: true })
  expect(asked).toBe(1)
})

test('a read names the state that it wants, and a listing wants its keys encoded', async () => {
  const service = await serve((request, response) => response.end(request.url?.includes('list-type') ? '<ListBucketResult><Name>shop</Name></ListBucketResult>' : '0123456789'))
  const access = s3.files.open(s3.config.parse({ endpoint: service.url, access_key_id: 'AKIA', secret_access_key: 'b' }), 's3://shop/**')
  await bytesOf(access, OBJECT)
  await listed(access)
  expect(service.asked[0]?.headers['if-match']).toBe('"e1"')
  expect(service.asked[1]?.path).toContain('encoding-type=url')
})

test.each([
  ['tells it in the answer', 400, refusal('AuthorizationHeaderMalformed', 'No', '<Region>eu-west-3</Region>'), {}],
  ['tells it in a header', 301, refusal('PermanentRedirect'), { 'x-amz-bucket-region': 'eu-west-3' }],
])('a bucket in another region is told with that region when the store %s', async (_, status, body, headers) => {
  const error = await failure(listed(await answering({ status, body, headers })))
  expect(error).toMatchObject({ code: 'bad_config', isRetryable: false, advice: expect.stringContaining('eu-west-3') })
})

test.each([
  ['another ETag', { etag: '"e2"' }, '0123456789'],
  ['more bytes', { etag: '"e1"' }, '0123456789+'],
])('a store that knows no conditions and sends %s has changed the object', async (_, headers, body) => {
  expect(await outcome(bytesOf(await answering({ headers, body }), OBJECT))).toBeInstanceOf(ObjectChanged)
})

test('fewer bytes than were listed are a failure that may pass, and a store without ranges is told', async () => {
  const access = await answering({ headers: { etag: '"e1"' }, body: '01234' })
  expect(await failure(bytesOf(access, OBJECT))).toMatchObject({ code: 'unreachable', isRetryable: true })
  expect(await failure(bytesOf(access, OBJECT, { from: 3 }))).toMatchObject({ title: 'The store does not send parts of files' })
})

test.each([
  ['a page of a website', '<!doctype html><html><body>Welcome</body></html>'],
  ['another document', '<ListAllMyBucketsResult/>'],
  ['nothing', ''],
  ['a listing without an end', '<ListBucketResult><Name>shop</Name><IsTruncated>true</IsTruncated></ListBucketResult>'],
  ['a length that is none', '<ListBucketResult><Name>shop</Name><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>'],
  ['a key that is not encoded', '<ListBucketResult><Name>shop</Name><EncodingType>url</EncodingType><Contents><Key>100%</Key><Size>1</Size></Contents></ListBucketResult>'],
])('a listing that is %s is told as what it is', async (_, body) => {
  expect(await failure(listed(await answering({ body })))).toMatchObject({ code: 'source', isRetryable: false, advice: expect.any(String) })
})

test('a key that the store does not encode is taken as it is', async () => {
  const body = '<ListBucketResult><Name>shop</Name><Contents><Key>a+b%20c</Key><Size>1</Size><ETag>&quot;e&quot;</ETag></Contents></ListBucketResult>'
  expect(await listed(await answering({ body }))).toEqual([{ key: 'a+b%20c', bytes: 1, modifiedAt: null, fingerprint: 'e 1' }])
})

describe.skipIf(hasNoRadosgw)('of a real store', () => {
  test('a wrong clock is told with both times, an unknown key as unknown, and a wrong secret as wrong', async () => {
    const gateway = await startRadosgw()
    try {
      const owner = clientOf(gateway)
      await owner.send(new CreateBucketCommand({ Bucket: 'shop' }))
      await putObjects(owner, 'shop', [{ key: 'a.csv', body: 'x' }])
      const config = s3.config.parse({ endpoint: gateway.endpoint, access_key_id: gateway.accessKey, secret_access_key: gateway.secretKey })
      const last = async (given = config) => (await all(s3.files.check(given, 's3://shop/*.csv', never))).at(-1)?.error
      expect(await last()).toBeUndefined()
      expect((await last({ ...config, access_key_id: 'NOBODY' }))?.title).toMatch(/does not know the access key/)
      expect((await last({ ...config, secret_access_key: 'wrong' }))?.title).toMatch(/secret does not belong/)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 20 * 60_000 })
      const error = await last()
      expect(error).toMatchObject({ code: 'credentials', title: 'The clock of this machine is wrong' })
      const [here = '', there = ''] = error?.detail?.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? []
      expect((Date.parse(there) - Date.parse(here)) / 60_000).toBeCloseTo(20, 0)
    } finally {
      await gateway.stop()
    }
  })
})
