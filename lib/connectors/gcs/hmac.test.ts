import { CreateBucketCommand, DeleteObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe } from 'vitest'
import { clientOf } from '@/test/servers/ceph/client'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { filesConnectorSuite } from '../files-suite'
import type { SuiteStore } from '../suite/suite-store'
import { gcs } from './connector'

let gateway: RadosGateway
let store: SuiteStore

/** A gateway that speaks what Google's XML API speaks to tools for S3; it is not Google's. */
describe.skipIf(hasNoRadosgw)('by an HMAC key', () => {
  beforeAll(async () => {
    gateway = await startRadosgw()
    store = await suiteStore(gateway)
  })
  afterAll(() => gateway?.stop())

  filesConnectorSuite(gcs, () => store)
})

async function suiteStore({ endpoint, accessKey, secretKey, createUser, fill }: RadosGateway): Promise<SuiteStore> {
  const owner = clientOf(gateway)
  await owner.send(new CreateBucketCommand({ Bucket: 'shop' }))
  const [lister, reader] = [await createUser('lister'), await createUser('reader')]
  const grant = (arn: string, action: string, resource: string) => ({ Effect: 'Allow', Principal: { AWS: [arn] }, Action: [action], Resource: [`arn:aws:s3:::${resource}`] })
  const statements = [grant(lister.arn, 's3:ListBucket', 'shop'), grant(reader.arn, 's3:GetObject', 'shop/*')]
  await owner.send(new PutBucketPolicyCommand({ Bucket: 'shop', Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) }))
  const configOf = (id: string, secret: string) => ({ sign_in: 'hmac key', access_id: id, secret, endpoint })
  const wrong = 'not-the-secret-of-anybody'
  return {
    config: configOf(accessKey, secretKey),
    wrongSecret: configOf(accessKey, wrong),
    unlisted: { config: configOf(reader.accessKey, reader.secretKey), right: 'storage.objects.list' },
    unread: { config: configOf(lister.accessKey, lister.secretKey), right: 'storage.objects.get' },
    secrets: [secretKey, wrong, reader.secretKey, lister.secretKey],
    pattern: (keys) => `gs://shop/${keys}`,
    missing: (keys) => `gs://nowhere/${keys}`,
    put: async (Key, Body) => void (await owner.send(new PutObjectCommand({ Bucket: 'shop', Key, Body }))),
    remove: async (Key) => void (await owner.send(new DeleteObjectCommand({ Bucket: 'shop', Key }))),
    fill: (objects) => fill('shop', objects),
    manyObjects: 2300,
  }
}
