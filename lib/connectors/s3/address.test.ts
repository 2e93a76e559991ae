import { expect, test } from 'vitest'
import { failure } from '../suite/suite'
import { s3 } from './connector'
import { addressOf, storeOf } from './store'

const amazon = s3.config.parse({ access_key_id: 'AKIA', secret_access_key: 'b', session_token: ' ' })
const own = s3.config.parse({ access_key_id: 'AKIA', secret_access_key: 'b', endpoint: 'https://s3.example.com' })

test('the region comes from the settings, from the address, or from the bucket', () => {
  const region = (pattern: string, config = amazon) => storeOf(config, addressOf(config, pattern)).region
  expect(region('s3://bucket/*')).toBeNull()
  expect(region('https://bucket.s3.eu-central-1.amazonaws.com/*')).toBe('eu-central-1')
  expect(region('s3://bucket/*', { ...amazon, region: 'us-west-2' })).toBe('us-west-2')
  expect(region('s3://bucket/*', own)).toBe('us-east-1')
})

test('buckets are where the region is, in China too, or at the configured address', () => {
  expect(storeOf(amazon).endpointOf('eu-central-1')).toBe('https://s3.eu-central-1.amazonaws.com')
  expect(storeOf(amazon).endpointOf('cn-north-1')).toBe('https://s3.cn-north-1.amazonaws.com.cn')
  expect(storeOf(own).endpointOf('eu-central-1')).toBe('https://s3.example.com')
})

test.each([
  ['https://bucket.s3.example.com/*', 'bucket'],
  ['https://s3.example.com/bucket/*', 'bucket'],
  ['s3a://bucket/*', 'bucket'],
])('%s is an address of the configured store', (pattern, bucket) => {
  expect(addressOf(own, pattern).bucket).toBe(bucket)
})

test.each([
  ['a key is sent to no address but the configured one', own, 'https://s3.other.com/bucket/*', /another store/],
  ['nor to Amazon when another store is configured', own, 'https://bucket.s3.amazonaws.com/*', /another store/],
  ['nor to another store without its address in the settings', amazon, 'https://s3.example.com/bucket/*', /another store than Amazon/],
  ['an address of Azure', amazon, 'https://shop.blob.core.windows.net/container/*', /an address of Azure Blob/],
  ['an address of R2', amazon, 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/b/*', /an address of Cloudflare R2/],
  ['an address of Google', amazon, 'gs://bucket/*', /an address of Google Cloud Storage/],
  ['a region that is not the set one', { ...amazon, region: 'us-west-2' }, 'https://bucket.s3.eu-central-1.amazonaws.com/*', /another region/],
])('%s: refused in words', async (_, config, pattern, words) => {
  expect(await failure(Promise.resolve().then(() => s3.files.checkPattern(config, pattern)))).toMatchObject({ code: 'invalid', title: expect.stringMatching(words), advice: expect.any(String) })
})

test('a key with a line break is refused, and what was pasted around it is cut off', () => {
  expect(s3.config.parse({ access_key_id: ' AKIA\n', secret_access_key: ' b ' })).toEqual({ access_key_id: 'AKIA', secret_access_key: 'b' })
  expect(s3.config.safeParse({ access_key_id: 'AK\nIA', secret_access_key: 'b' }).success).toBe(false)
  expect(s3.config.safeParse({ access_key_id: 'AKIA', secret_access_key: 'b\r\nx: y' }).success).toBe(false)
})
