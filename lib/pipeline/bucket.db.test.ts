import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder, setEnv } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column, type Row } from '@/test/memory-source'
import type { QueryAnswer, QueryOrder } from '@/test/query-child'
import { clientOf } from '@/test/servers/ceph/client'
import { startFaultyProxy, type FaultyProxy } from '@/test/servers/faulty-proxy'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import type { ChildOrder } from '@/test/sync-child'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, sync, tableRows, type Schema } from '@/test/sync-room'

let database: FreshDatabase
let gateway: RadosGateway
let proxy: FaultyProxy
beforeAll(async () => {
  if (hasNoRadosgw) return
  ;[database, gateway] = await Promise.all([freshDatabase(), startRadosgw()])
  await clientOf(gateway).send(new CreateBucketCommand({ Bucket: 'shop' }))
  proxy = await startFaultyProxy(gateway.endpoint)
  setEnv({ WAREHOUSE_URL: 's3://shop/wh', S3_ENDPOINT: proxy.url, AWS_ACCESS_KEY_ID: gateway.accessKey, AWS_SECRET_ACCESS_KEY: gateway.secretKey })
})
afterEach(() => {
  if (proxy) proxy.fault = () => undefined
})
afterAll(async () => {
  await proxy?.close()
  await gateway?.stop()
  await database?.drop()
})

const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const rowsFrom = (first: number, last: number, changed: number): Row[] => Array.from({ length: last - first }, (_, at) => [String(first + at), String(changed), `row ${first + at} as of ${changed}`])

function things(rows: Row[]): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.rows = rows
  return source
}

/** A process on another machine, or on this one: what tells them apart is the data folder. */
function run(program: string, order: unknown, data = dataFolder(), more: Record<string, string> = {}): Promise<{ said: string; signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, TRIBUTARY_DATA: data, ...more } })
  child.stdin.end(JSON.stringify(order))
  let [said, errors] = ['', '']
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  return new Promise((resolve, reject) => child.on('close', (code, signal) => (code ? reject(new Error(errors)) : resolve({ said, signal }))))
}

async function query(order: QueryOrder, data?: string, more?: Record<string, string>): Promise<QueryAnswer> {
  return JSON.parse((await run('test/query-child.ts', order, data, more)).said) as QueryAnswer
}

const otherMachine = () => mkdtempSync(path.join(dataFolder(), 'machine-'))
const loseCache = () => rm(path.join(dataFolder(), 'cache'), { recursive: true, force: true })
/** The table’s rows by their number. */
const byId = async (schema: Schema) => (await tableRows(schema)).sort((a, b) => Number(a[0]) - Number(b[0]))
const known = async (schema: Schema) => (await prisma().tableFile.findMany({ where: { schemaId: schema.schemaId } })).map((file) => file.path).sort()

describe.skipIf(hasNoRadosgw)('a warehouse in a bucket', () => {
  it('is synced, compacted and swept by one machine, and read by another that has nothing of it', async () => {
    const schema = await makeSchema()
    const source = things(rowsFrom(0, 30_000, 1))
    await sync(schema, source, incremental)
    for (let round = 2; round < 20; round++) {
      source.rows = [...source.rows.slice(0, 1500 * round), ...rowsFrom(1500 * round, 1500 * (round + 1), round).map((row) => [...row]), ...source.rows.slice(1500 * (round + 1))]
      await loseCache()
      await sync(schema, source, incremental)
    }
    const { version, deleteFiles } = await snapshotOf(schema)
    expect(version).toBeGreaterThan(19) // some were compactions
    const [answer] = await query({ schema, sql: 'SELECT id, changed, name FROM things ORDER BY 1', times: 1 }, otherMachine())
    expect(answer).toEqual({ version, rows: source.rows.toSorted((a, b) => Number(a[0]) - Number(b[0])) })
    expect(await storedKeys()).toEqual(await known(schema))
    await prisma().tableVersion.updateMany({ where: { schemaId: schema.schemaId }, data: { createdAt: new Date(Date.now() - 30 * 86_400_000) } })
    const swept = await sweepFiles()
    expect(swept.files).toBeGreaterThan(10)
    expect(await storedKeys()).toEqual(await known(schema))
    expect(await known(schema)).toHaveLength((await snapshotOf(schema)).dataFiles.length + deleteFiles.length)
    const [after] = await query({ schema, sql: 'SELECT count(*), sum(changed) FROM things', times: 1 }, otherMachine())
    expect(after?.rows).toEqual([[30_000, String(source.rows.reduce((sum, row) => sum + Number(row[1]), 0))]].map((row) => row.map(String)))
  }, 180_000)

  it('asks the bucket for no listing while it syncs and queries, and for nothing at all that this machine has', async () => {
    const schema = await makeSchema()
    const source = things(rowsFrom(0, 100, 1))
    proxy.asked.length = 0
    await sync(schema, source, incremental)
    source.rows = rowsFrom(0, 100, 2)
    await sync(schema, source, incremental)
    expect(await byId(schema)).toEqual(source.rows)
    expect(proxy.asked.map(({ method }) => method).filter((method) => method !== 'PUT')).toEqual([])
  })

  it('that fails ends the run in words and leaves the former version; the next run is whole', async () => {
    const schema = await makeSchema()
    const source = things(rowsFrom(0, 1000, 1))
    await sync(schema, source, incremental)
    source.rows = rowsFrom(0, 1000, 2)
    proxy.fault = () => ({ answer: 403, code: 'QuotaExceeded' })
    await expect(sync(schema, source, incremental)).rejects.toMatchObject({ code: 'storage_full', isRetryable: true })
    await loseCache()
    proxy.fault = () => ({ answer: 403, code: 'AccessDenied' })
    await expect(sync(schema, source, incremental)).rejects.toMatchObject({ code: 'permission', isRetryable: true })
    proxy.fault = () => undefined
    expect(await byId(schema)).toEqual(rowsFrom(0, 1000, 1))
    await sync(schema, source, incremental)
    expect(await byId(schema)).toEqual(source.rows)
  })
})

describe.skipIf(hasNoRadosgw)('a warehouse in a bucket, of several processes,', () => {
  it('loses nothing when the process is killed while it sends, and what was sent for nothing is swept', async () => {
    const schema = await makeSchema()
    const [old, now] = [rowsFrom(0, 20_000, 1), rowsFrom(0, 20_000, 2)]
    await sync(schema, things(old), incremental)
    for (const afterMs of [0, 5, 10, 20, 40]) {
      const order: ChildOrder = { schema, run: await claimedRun(schema), columns: things([]).columns, primaryKey: ['id'], rows: now, change: { ...incremental, isFull: false }, dieAt: { step: 'publish', afterMs } }
      await run('test/sync-child.ts', order)
      expect([old, now]).toContainEqual(await byId(schema))
    }
    await endRuns(schema)
    await sync(schema, things(now), incremental)
    expect(await byId(schema)).toEqual(now)
    await sweepFiles()
    expect((await storedKeys()).filter((key) => key.includes(schema.schemaId))).toEqual(await known(schema))
  }, 120_000)

  it('is read rightly by two processes that share a cache too small for one version, while a third writes new ones', async () => {
    const schema = await makeSchema()
    const source = things(rowsFrom(0, 4_000, 1))
    await sync(schema, source, incremental)
    const data = otherMachine()
    const order = { schema, sql: 'SELECT changed, count(*), count(DISTINCT id), sum(id) FROM things GROUP BY 1 ORDER BY 1', times: 6 }
    const readers = [query(order, data, { WAREHOUSE_CACHE_BYTES: '30000' }), query(order, data, { WAREHOUSE_CACHE_BYTES: '30000' })]
    const over = new AbortController()
    const ended = Promise.all(readers).finally(() => over.abort())
    ended.catch(() => undefined)
    for (let round = 2; !over.signal.aborted && round < 30; round++) {
      source.rows = [...rowsFrom(0, 2_000, 2 * round), ...rowsFrom(2_000, 4_000, 2 * round + 1)]
      await sync(schema, source, incremental)
    }
    for (const { rows } of (await ended).flat()) {
      expect(rows.map((row) => Number(row[1])).reduce((sum, count) => sum + count, 0)).toBe(4_000)
      expect(rows.map((row) => row[1])).toEqual(rows.map((row) => row[2]))
      expect(rows.map((row) => Number(row[3])).reduce((sum, ids) => sum + ids, 0)).toBe((4_000 * 3_999) / 2)
    }
    expect((await readdir(path.join(data, 'query')).catch(() => []))).toEqual([])
  }, 180_000)
})
