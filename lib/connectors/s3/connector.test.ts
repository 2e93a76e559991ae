import { afterAll, beforeAll, describe } from 'vitest'
import { CreateBucketCommand, DeleteObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { clientOf } from '@/test/servers/ceph/client'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { filesConnectorSuite } from '../files-suite'
import type { SuiteStore } from '../suite/suite-store'
import { s3 } from './connector'

let gateway: RadosGateway
let store: SuiteStore

describe.skipIf(hasNoRadosgw)('files of a bucket', () => {
  beforeAll(async () => {
    gateway = await startRadosgw()
    store = await suiteStore(gateway)
  })
  afterAll(() => gateway?.stop())

  filesConnectorSuite(s3, () => store)
})

async function suiteStore({ endpoint, accessKey, secretKey, createUser, fill }: RadosGateway): Promise<SuiteStore> {
  const owner = clientOf(gateway)
  await owner.send(new CreateBucketCommand({ Bucket: 'shop' }))
  const [lister, reader] = [await createUser('lister'), await createUser('reader')]
  await owner.send(new PutBucketPolicyCommand({ Bucket: 'shop', Policy: JSON.stringify({ Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: [lister.arn] }, Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::shop'] },
    { Effect: 'Allow', Principal: { AWS: [reader.arn] }, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/*'] },
  ] }) }))
  const config = { endpoint, access_key_id: accessKey, secret_access_key: secretKey }
  const wrong = 'not-the-secret-of-anybody'
  return {
    config,
    wrongSecret: { ...config, secret_access_key: wrong },
    unlisted: { config: { endpoint, access_key_id: reader.accessKey, secret_access_key: reader.secretKey }, right: 's3:ListBucket' },
    unread: { config: { endpoint, access_key_id: lister.accessKey, secret_access_key: lister.secretKey }, right: 's3:GetObject' },
    secrets: [secretKey, wrong, reader.secretKey, lister.secretKey],
    pattern: (keys) => `s3://shop/${keys}`,
    missing: (keys) => `s3://nowhere/${keys}`,
    put: async (Key, Body) => void (await owner.send(new PutObjectCommand({ Bucket: 'shop', Key, Body }))),
    remove: async (Key) => void (await owner.send(new DeleteObjectCommand({ Bucket: 'shop', Key }))),
    fill: (objects) => fill('shop', objects),
    manyObjects: 2300,
  }
}
