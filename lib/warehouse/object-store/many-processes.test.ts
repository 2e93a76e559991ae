import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { clientOf } from '@/test/servers/ceph/client'
import { hasNoRadosgw, startRadosgw } from '@/test/servers/radosgw'
import { newFile, newFolder, storeForTest } from './bucket-for-test'
import type { ReaderOrder } from './reader-for-test'

const KB = 1024

test.skipIf(hasNoRadosgw)('processes that read the same files through one tiny cache, one of them killed on the way, all read the right bytes', async () => {
  const gateway = await startRadosgw()
  try {
    await clientOf(gateway).send(new CreateBucketCommand({ Bucket: 'shop' }))
    const bucket = { ...gateway, name: 'shop' }
    const files = await Promise.all(Array.from({ length: 12 }, () => newFile(100 * KB)))
    const writer = storeForTest(bucket)
    for (const file of files) await writer.store.put(file.path, file.local)
    const cache = newFolder('cache')
    const order = (seed: number, rounds: number): ReaderOrder => ({ bucket, cache, cacheBytes: 350 * KB, rounds, seed, files: files.map(({ path: key, bytes, content }) => ({ path: key, bytes, sha256: createHash('sha256').update(content).digest('hex') })) })
    const victim = reader(order(3, 10_000))
    const readers = [reader(order(1, 60)), reader(order(2, 60))]
    expect(await readers[0]!.ended).toBe('{"wrong":0}')
    victim.kill()
    expect(await readers[1]!.ended).toBe('{"wrong":0}')
    await victim.ended
    const left = await entriesOf(cache)
    // three fit in; each other process may have been adding one when the last of them made room
    expect(left.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(500 * KB)
    expect(left.every((bytes) => bytes === 100 * KB)).toBe(true)
  } finally {
    await gateway.stop()
  }
})

function reader(order: ReaderOrder): { ended: Promise<string>; kill(): void } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/warehouse/object-store/reader-for-test.ts'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stdin.end(JSON.stringify(order))
  return { ended: new Promise((resolve) => child.on('close', () => resolve(said))), kill: () => void child.kill('SIGKILL') }
}

async function entriesOf(cache: string): Promise<number[]> {
  const names = (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.parquet'))
  return Promise.all(names.map(async (name) => (await stat(path.join(cache, name))).size))
}
