import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { appendFile, chmod, rm } from 'node:fs/promises'
import path from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dataFolder, setEnv } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { CommandLine } from '@/test/command-line'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { clientOf } from '@/test/servers/ceph/client'
import { startFaultyProxy, type FaultyProxy } from '@/test/servers/faulty-proxy'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { claimedRun, endRuns, jobFor, makeSchema, snapshotOf, storedKeys, sync, tableRows, type Schema } from '@/test/sync-room'
import { warehouseFolder } from '../object-store'
import { moveStorage, type Moved } from './move-storage'

let database: FreshDatabase
let gateway: RadosGateway
let proxy: FaultyProxy
let bucket = 0
let url = ''

beforeAll(async () => {
  if (hasNoRadosgw) return
  ;[database, gateway] = await Promise.all([freshDatabase(), startRadosgw()])
  proxy = await startFaultyProxy(gateway.endpoint)
  setEnv({ S3_ENDPOINT: proxy.url, AWS_ACCESS_KEY_ID: gateway.accessKey, AWS_SECRET_ACCESS_KEY: gateway.secretKey })
})
beforeEach(async () => {
  if (hasNoRadosgw) return
  await clientOf(gateway).send(new CreateBucketCommand({ Bucket: `shop-${++bucket}` }))
  url = `s3://shop-${bucket}/wh`
})
afterEach(async () => {
  if (!proxy) return
  proxy.fault = () => undefined
  setEnv({ WAREHOUSE_URL: '' })
  await rm(warehouseFolder(), { recursive: true, force: true })
  await prisma().source.deleteMany()
})
afterAll(async () => {
  await proxy?.close()
  await gateway?.stop()
  await database?.drop()
})

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

function things(round: number): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT')])
  source.primaryKey = ['id']
  source.rows = Array.from({ length: 50 }, (_, id) => [String(id + 10), String(id % 2 ? 1 : round)])
  return source
}

/** A table of several files, some with deleted rows. */
async function makeTable(): Promise<Schema> {
  const schema = await makeSchema()
  for (let round = 1; round < 4; round++) await sync(schema, things(round), incremental)
  return schema
}

const move = (to: string, onProgress: (moved: Readonly<Moved>) => void = () => undefined, signal = new AbortController().signal) => moveStorage(to, { signal, onProgress })
const loseCache = () => rm(path.join(dataFolder(), 'cache'), { recursive: true, force: true })

describe.skipIf(hasNoRadosgw)('moving the warehouse', () => {
  it('into a bucket and back keeps every table and version, and removes nothing', async () => {
    const schemas = [await makeTable(), await makeTable()]
    writeFileSync(path.join(warehouseFolder(), 'nobodys.parquet'), 'orphan')
    const before = await storedKeys()
    const moved = await move(url)
    expect(moved).toMatchObject({ files: before.length - 1, copied: before.length - 1, problemCount: 0, isBusy: false })
    expect(await storedKeys()).toEqual(before)
    setEnv({ WAREHOUSE_URL: url })
    expect((await storedKeys()).sort()).toEqual(before.filter((key) => key !== 'nobodys.parquet'))
    for (const schema of schemas) {
      await loseCache()
      for (const version of [1, 2, 3]) expect(await tableRows(schema, { version })).toEqual(things(version).rows)
      await sync(schema, things(4), incremental)
    }
    const { copied, files } = await move('folder')
    expect([copied, files]).toEqual([4, before.length + 3])
    setEnv({ WAREHOUSE_URL: '' })
    for (const schema of schemas) for (const version of [1, 2, 3, 4]) expect(await tableRows(schema, { version })).toEqual(things(version).rows)
  })

  it('that is stopped goes on where it was, and sends nothing twice', async () => {
    await makeTable()
    const total = (await storedKeys()).length
    const stop = new AbortController()
    let sent = 0
    proxy.fault = ({ method }) => {
      if (method === 'PUT' && ++sent === 3) stop.abort()
      return undefined
    }
    await expect(move(url, undefined, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    proxy.fault = () => undefined
    const { files, copied } = await move(url)
    expect(files).toBe(total)
    expect(copied).toBeLessThan(total)
    proxy.asked.length = 0
    expect(await move(url)).toMatchObject({ files: total, copied: 0 })
    expect(proxy.asked.filter(({ method }) => method !== 'HEAD')).toEqual([])
  })

  it('tells files that are gone or damaged by name, and moves the rest', async () => {
    const schema = await makeTable()
    const [gone, damaged] = (await snapshotOf(schema)).dataFiles.map((file) => file.path)
    rmSync(path.join(warehouseFolder(), gone ?? ''))
    await chmod(path.join(warehouseFolder(), damaged ?? ''), 0o600)
    await appendFile(path.join(warehouseFolder(), damaged ?? ''), 'more')
    const total = (await storedKeys()).length + 1
    const moved = await move(url)
    expect(moved).toMatchObject({ files: total - 2, problemCount: 2 })
    expect(moved.problems.map(({ key }) => key).sort()).toEqual([gone, damaged].sort())
  })
})

describe.skipIf(hasNoRadosgw)('moving the warehouse where it cannot be moved, or not yet,', () => {
  it('into another bucket than the one in use, into nothing, and back from nothing is refused in words', async () => {
    await expect(move('folder')).rejects.toMatchObject({ code: 'conflict', detail: 'WAREHOUSE_URL is not set' })
    await expect(move('/srv/files')).rejects.toMatchObject({ code: 'invalid', advice: expect.stringContaining('s3://bucket') })
    setEnv({ WAREHOUSE_URL: 's3://other/place' })
    await expect(move(url)).rejects.toMatchObject({ code: 'conflict', detail: 'WAREHOUSE_URL is s3://other/place' })
    setEnv({ WAREHOUSE_URL: `${url}/` })
    expect(await move(url)).toMatchObject({ files: 0, copied: 0 })
  })

  it('is not taken for done while a run may still write', async () => {
    const schema = await makeTable()
    await claimedRun(schema)
      await prisma().syncRun.updateMany({ where: { status: 'running' }, data: { leaseExpiresAt: new Date(Date.now() + 60_000) } })
    expect(await move(url)).toMatchObject({ isBusy: true })
    await endRuns(schema)
    expect(await move(url)).toMatchObject({ isBusy: false })
    mkdirSync(path.join(dataFolder(), 'workers'), { recursive: true })
    writeFileSync(path.join(dataFolder(), 'workers', `${process.pid}.json`), '{}')
    expect(await move(url)).toMatchObject({ isBusy: true })
    rmSync(path.join(dataFolder(), 'workers'), { recursive: true })
  })

  it('that was forgotten is told where a table is read, with the command', async () => {
    const schema = await makeTable()
    setEnv({ WAREHOUSE_URL: url })
    const run = await claimedRun(schema)
    await expect(runPipeline(jobFor(schema, run, things(5), incremental))).rejects.toMatchObject({ title: 'The files of the warehouse were not moved to the bucket', advice: `Run: tributary storage move ${url}` })
  })
})

describe.skipIf(hasNoRadosgw)('moving the warehouse', () => {
  it('by the command line says what was done and which variable to set', async () => {
    await makeTable()
    const line = new CommandLine(mkdtempSync(path.join(dataFolder(), 'cli-')), database.url)
    const words = await line.run('storage', 'move', url)
    expect(words.err).not.toMatch(/error/i)
    expect(words.out).toMatch(new RegExp(`compared by its SHA-256.*\\nNow set WAREHOUSE_URL=${url} `))
    expect(await line.json('storage', 'move', url)).toMatchObject({ code: 0, document: { copied: 0, isComplete: true } })
    expect(await line.run('storage', 'move', 'folder')).toMatchObject({ code: 1, err: expect.stringContaining('The warehouse is in its folder already') })
    expect((await line.run('storage', 'move')).code).toBe(2)
  }, 60_000)
})
