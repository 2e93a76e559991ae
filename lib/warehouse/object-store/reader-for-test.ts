import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { newFolder, storeForTest, type BucketForTest } from './bucket-for-test'
import type { StoredFile } from './store'

/** What a process is told that reads the same files again and again through a cache that is too small for them. */
export interface ReaderOrder {
  bucket: BucketForTest
  cache: string
  cacheBytes: number
  files: (StoredFile & { sha256: string })[]
  rounds: number
  seed: number
}

const order: ReaderOrder = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text())
const { store } = storeForTest(order.bucket, order)
let state = order.seed
const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
let wrong = 0
for (let round = 0; round < order.rounds; round++) {
  const folder = newFolder('held')
  const wanted = order.files.filter(() => random(2) === 0)
  const local = await store.hold(wanted, folder)
  for (const { path, sha256 } of wanted) {
    if (createHash('sha256').update(await readFile(local(path))).digest('hex') !== sha256) wrong++
  }
  await rm(folder, { recursive: true })
}
process.stdout.write(JSON.stringify({ wrong }))
