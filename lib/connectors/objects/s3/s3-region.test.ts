import { afterEach, expect, test } from 'vitest'
import { closeAll, serve, type Service } from '../../http/service-for-test'
import { s3 } from '../../s3/connector'
import { storeOf } from '../../s3/store'
import { failure } from '../../suite/suite'
import { bytesOf, listed } from '../../suite/suite-store'
import { parseFilesPattern } from '../pattern'
import { S3Objects } from './s3-objects'
import type { S3Store } from './s3-store'

afterEach(closeAll)

const LISTING = '<ListBucketResult><Name>shop</Name><Contents><Key>a.csv</Key><Size>1</Size></Contents></ListBucketResult>'
const amazon = storeOf(s3.config.parse({ access_key_id: 'AKIA', secret_access_key: 'b' }))

/** Amazon at another address. */
function objectsOf(store: Partial<S3Store>): S3Objects {
  return new S3Objects({ ...amazon, isVirtualHosted: false, ...store }, parseFilesPattern('s3://shop/*.csv'))
}

/** Tells the bucket's region in answer to HEAD, which is signed by nobody. */
function bucketIn(region: string | undefined, status: number): Promise<Service> {
  return serve((request, response) => {
    if (request.method === 'HEAD') response.writeHead(status, region === undefined ? {} : { 'x-amz-bucket-region': region }).end()
    else response.end(LISTING)
  })
}

test.each([
  ['a redirect', 301],
  ['a refusal', 403],
  ['an answer', 200],
])('a bucket’s region is taken from %s to anybody, and signed for', async (_, status) => {
  const { url, asked } = await bucketIn('eu-west-3', status)
  const regions: string[] = []
  await listed(objectsOf({ endpointOf: (region) => (regions.push(region), url) }))
  expect(regions).toEqual(['us-east-1', 'eu-west-3'])
  expect(asked[0]?.headers.authorization).toBeUndefined()
  expect(asked[1]?.headers.authorization).toContain('/eu-west-3/s3/aws4_request')
})

test('a region that could become part of another host is not taken', async () => {
  const { url } = await bucketIn('evil.example.com/eu-west-3', 301)
  const regions: string[] = []
  await listed(objectsOf({ endpointOf: (region) => (regions.push(region), url) }))
  expect(regions).toEqual(['us-east-1', 'us-east-1'])
})

test('a bucket that is nowhere is told before anything is signed', async () => {
  const { url, asked } = await bucketIn(undefined, 404)
  expect(await failure(listed(objectsOf({ endpointOf: () => url })))).toMatchObject({ code: 'not_found', title: 'There is no bucket named shop' })
  expect(asked.every(({ headers }) => headers.authorization === undefined)).toBe(true)
})

test('a bucket’s name stands before Amazon’s host, unless it holds a dot that no certificate covers', async () => {
  const object = { key: 'a.csv', bytes: 1, modifiedAt: null, fingerprint: 'e 1' }
  const read = (bucket: string) => bytesOf(new S3Objects({ ...amazon, region: 'eu-west-3', endpointOf: () => 'http://s3.invalid' }, parseFilesPattern(`s3://${bucket}/*`)), object)
  expect((await failure(read('shop'))).title).toContain('shop.s3.invalid')
  expect((await failure(read('my.shop'))).title).toMatch(/named s3\.invalid/)
})

test('nothing is sent to an address that is not allowed', async () => {
  const object = { key: 'a.csv', bytes: 1, modifiedAt: null, fingerprint: 'e 1' }
  expect(await failure(bytesOf(objectsOf({ region: 'x', endpointOf: () => 'http://169.254.169.254' }), object))).toMatchObject({ code: 'not_allowed' })
})
