import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CreateBucketCommand, GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, PutBucketPolicyCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { clientOf } from './ceph/client'
import { putObjects } from './ceph/put-objects'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from './radosgw'

let gateway: RadosGateway
let owner: S3Client

describe.skipIf(hasNoRadosgw)('a real object store', () => {
  beforeAll(async () => {
    gateway = await startRadosgw()
    owner = clientOf(gateway)
    await owner.send(new CreateBucketCommand({ Bucket: 'shop' }))
    await putObjects(owner, 'shop', [{ key: 'a/1.csv', body: 'id\n1\n' }, { key: 'a/2.csv', body: 'id\n2\n' }, { key: 'b/ü &+.csv', body: 'id\n3\n' }])
  })
  afterAll(() => gateway?.stop())

  test('lists pages of a prefix, and reads ranges of what was put', async () => {
    const first = await owner.send(new ListObjectsV2Command({ Bucket: 'shop', Prefix: 'a/', MaxKeys: 1 }))
    const second = await owner.send(new ListObjectsV2Command({ Bucket: 'shop', Prefix: 'a/', ContinuationToken: first.NextContinuationToken }))
    expect([...first.Contents!, ...second.Contents!].map(({ Key, Size }) => [Key, Size])).toEqual([['a/1.csv', 5], ['a/2.csv', 5]])
    const range = await owner.send(new GetObjectCommand({ Bucket: 'shop', Key: 'b/ü &+.csv', Range: 'bytes=3-' }))
    expect([range.$metadata.httpStatusCode, range.ContentRange, await range.Body!.transformToString()]).toEqual([206, 'bytes 3-4/5', '3\n'])
  })

  test('signs for any region, as R2 wants it for "auto"', async () => {
    expect((await clientOf(gateway, gateway, { region: 'auto' }).send(new ListObjectsV2Command({ Bucket: 'shop' }))).KeyCount).toBe(3)
  })

  test('refuses an object that was replaced since its tag was seen', async () => {
    const { ETag } = await owner.send(new GetObjectCommand({ Bucket: 'shop', Key: 'a/1.csv' }))
    const read = () => owner.send(new GetObjectCommand({ Bucket: 'shop', Key: 'a/1.csv', IfMatch: ETag }))
    await read()
    await putObjects(owner, 'shop', [{ key: 'a/1.csv', body: 'id\n9\n' }])
    await expect(read()).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
  })

  test.each([
    ['a wrong secret', 'SignatureDoesNotMatch', 403, () => clientOf(gateway, { ...gateway, secretKey: 'wrong' })],
    ['an unknown key', 'InvalidAccessKeyId', 403, () => clientOf(gateway, { accessKey: 'NOBODY', secretKey: gateway.secretKey })],
    ['a clock that is twenty minutes slow', 'RequestTimeTooSkewed', 403, () => slowClock()],
  ])('refuses %s', async (_name, code, status, client) => {
    await expect(client().send(new ListObjectsV2Command({ Bucket: 'shop' }))).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } })
  })

  test('tells a missing bucket and a missing object apart', async () => {
    await expect(owner.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(owner.send(new GetObjectCommand({ Bucket: 'shop', Key: 'none' }))).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  test('another account sees only what a policy grants: listing without reading, or reading without listing', async () => {
    const [lister, reader] = [await gateway.createUser('lister'), await gateway.createUser('reader')]
    await expect(clientOf(gateway, lister).send(new HeadBucketCommand({ Bucket: 'shop' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
    await owner.send(new PutBucketPolicyCommand({ Bucket: 'shop', Policy: JSON.stringify({ Version: '2012-10-17', Statement: [
      { Effect: 'Allow', Principal: { AWS: [lister.arn] }, Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::shop'] },
      { Effect: 'Allow', Principal: { AWS: [reader.arn] }, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/*'] },
    ] }) }))
    const list = (keys: typeof lister) => clientOf(gateway, keys).send(new ListObjectsV2Command({ Bucket: 'shop' }))
    const read = (keys: typeof lister) => clientOf(gateway, keys).send(new GetObjectCommand({ Bucket: 'shop', Key: 'a/2.csv' }))
    expect((await list(lister)).KeyCount).toBe(3)
    await expect(read(lister)).rejects.toMatchObject({ name: 'AccessDenied' })
    expect(await (await read(reader)).Body!.transformToString()).toBe('id\n2\n')
    await expect(list(reader)).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  test('takes many objects at once, whole and with their tags', async () => {
    await owner.send(new CreateBucketCommand({ Bucket: 'many' }))
    const objects = Array.from({ length: 1203 }, (_, at) => ({ key: `part/${String(at).padStart(4, '0')}.csv`, body: 'x'.repeat(at) }))
    await gateway.fill('many', objects)
    await gateway.fill('many', [{ key: 'part/1203.csv', body: '' }])
    const first = await owner.send(new ListObjectsV2Command({ Bucket: 'many' }))
    const second = await owner.send(new ListObjectsV2Command({ Bucket: 'many', ContinuationToken: first.NextContinuationToken }))
    expect([...first.Contents!, ...second.Contents!].map(({ Key, Size, ETag }) => [Key, Size, ETag])).toEqual(
      [...objects, { key: 'part/1203.csv', body: '' }].map(({ key, body }) => [key, body.length, `"${createHash('md5').update(body).digest('hex')}"`]))
    expect(await (await owner.send(new GetObjectCommand({ Bucket: 'many', Key: 'part/0700.csv' }))).Body!.transformToString()).toBe('x'.repeat(700))
  })

  test('dies with the process that started it, however that one ends', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.resolve('test/servers/ceph/child-for-test.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const daemons = childrenOf(child.pid!).filter((pid) => /^ceph|^radosgw/.test(nameOf(pid)))
    expect(daemons.map(nameOf).sort()).toEqual(['ceph-mon', 'ceph-osd', 'radosgw'])
    child.kill('SIGKILL')
    await expect.poll(() => daemons.filter(isAlive)).toEqual([])
  })
})

function slowClock(): S3Client {
  const client = clientOf(gateway)
  client.config.systemClockOffset = -20 * 60 * 1000
  return client
}

function childrenOf(parent: number): number[] {
  return execFileSync('ps', ['-o', 'pid=', '--ppid', String(parent)]).toString().trim().split(/\s+/).map(Number)
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
}
