import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '@/test/servers/ceph/client'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { filesConnectorSuite } from '../files-suite'
import { failure } from '../suite/suite'
import type { SuiteStore } from '../suite/suite-store'
import { r2 } from './connector'

const ACCOUNT = '0123456789abcdef0123456789abcdef'

let gateway: RadosGateway
let store: SuiteStore

describe.skipIf(hasNoRadosgw)('files of a bucket, signed for the region auto', () => {
  beforeAll(async () => {
    gateway = await startRadosgw()
    const { endpoint, accessKey, secretKey, fill } = gateway
    const owner = clientOf(gateway)
    await owner.send(new CreateBucketCommand({ Bucket: 'shop' }))
    const config = { endpoint, account_id: ACCOUNT, access_key_id: accessKey, secret_access_key: secretKey }
    const wrong = 'not-the-secret-of-anybody'
    store = {
      config,
      wrongSecret: { ...config, secret_access_key: wrong },
      secrets: [secretKey, wrong],
      pattern: (keys) => `r2://shop/${keys}`,
      missing: (keys) => `s3://nowhere/${keys}`,
      put: async (Key, Body) => void (await owner.send(new PutObjectCommand({ Bucket: 'shop', Key, Body }))),
      remove: async (Key) => void (await owner.send(new DeleteObjectCommand({ Bucket: 'shop', Key }))),
      fill: (objects) => fill('shop', objects),
      manyObjects: 1200,
    }
  })
  afterAll(() => gateway?.stop())

  filesConnectorSuite(r2, () => store)
})

const config = r2.config.parse({ account_id: ACCOUNT, access_key_id: 'a', secret_access_key: 'b', jurisdiction: 'eu' })

test.each([
  's3://bucket/*',
  'r2://bucket/*',
  `https://${ACCOUNT}.eu.r2.cloudflarestorage.com/bucket/*`,
  `https://bucket.${ACCOUNT}.eu.r2.cloudflarestorage.com/*`,
])('%s is an address of the account', (pattern) => {
  expect(() => r2.files.checkPattern(config, pattern)).not.toThrow()
})

test.each([
  [`https://${ACCOUNT}.r2.cloudflarestorage.com/bucket/*`, /another account or jurisdiction/],
  [`https://${'f'.repeat(32)}.eu.r2.cloudflarestorage.com/bucket/*`, /another account or jurisdiction/],
  ['https://bucket.s3.eu-central-1.amazonaws.com/*', /an address of Amazon S3/],
  ['gs://bucket/*', /an address of Google Cloud Storage/],
  ['https://shop.blob.core.windows.net/container/*', /an address of Azure Blob/],
  ['https://files.example.com/bucket/*', /another store/],
])('%s is refused in words', async (pattern, words) => {
  expect(await failure(Promise.resolve().then(() => r2.files.checkPattern(config, pattern)))).toMatchObject({ code: 'invalid', title: expect.stringMatching(words) })
})
