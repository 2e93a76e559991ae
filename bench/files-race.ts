import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'
import type { FileFormat } from '@/lib/core/files-settings'
import { projectFolder } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { linkSource } from '@/lib/sources/link-source'
import { clientOf } from '@/test/servers/ceph/client'
import { putObjects } from '@/test/servers/ceph/put-objects'
import { startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import type { Bench } from './bench-workspace'
import { median, seconds, type Measure } from './measure'

const run = promisify(execFile)
const ROUNDS = 3
const Listed = z.object({ count: z.number(), seconds: z.number() })
const OBJECTS = 64
/** Makes a CSV file, or a Parquet file, of 16 MB. */
const ROWS = { csv: 103_000, parquet: 470_000 }

/** A bucket's files against bare DuckDB on local copies of them. */
export async function filesRace(bench: Bench): Promise<Measure[]> {
  const gateway = await startRadosgw()
  const folder = mkdtempSync(path.join(tmpdir(), 'tributary-files-race-'))
  try {
    const client = clientOf(gateway)
    await client.send(new CreateBucketCommand({ Bucket: 'bench' }))
    const csv = await raceFormat(bench, gateway, client, folder, 'csv')
    const parquet = await raceFormat(bench, gateway, client, folder, 'parquet')
    return [...csv, ...parquet]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await gateway.stop()
  }
}

async function raceFormat(bench: Bench, gateway: RadosGateway, client: S3Client, folder: string, format: 'csv' | 'parquet'): Promise<Measure[]> {
  const files = await makeFiles(path.join(folder, format), format)
  await putObjects(client, 'bench', files.map((file) => ({ key: `${format}/${path.basename(file)}`, body: readFileSync(file) })), 4)
  const bytes = files.reduce((total, file) => total + readFileSync(file).length, 0)
  const sourceId = await linkBucket(bench, gateway, `${format}_files`, `s3://bench/${format}/*`, format)
  const list = `[${files.map((file) => `'${file}'`).join(', ')}]`
  const theirs: number[] = []
  const ours: number[] = []
  let peak = 0
  let steps = ''
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await bareSeconds(`COPY (SELECT * FROM read_${format}(${list})) TO '${path.join(folder, 'bare.parquet')}' (FORMAT parquet, COMPRESSION zstd)`))
    const result = await bench.sync(sourceId, `${format}_files`, 'full')
    if (result.report?.rowsRead !== ROWS[format] * OBJECTS) throw new Error(`read ${result.report?.rowsRead} rows of ${ROWS[format] * OBJECTS}`)
    ours.push(result.seconds)
    peak = Math.max(peak, result.peakMegabytes)
    steps = JSON.stringify(result.report.seconds)
  }
  return [
    { name: `${Math.round(bytes / 1e6)} MB of ${format === 'csv' ? 'CSV' : 'Parquet'} in ${OBJECTS} objects against bare DuckDB on local copies`, value: median(ours) / median(theirs), unit: '×', bar: 1.15, detail: `${seconds(median(ours))} against ${seconds(median(theirs))}, ${steps}` },
    { name: `peak memory of that worker, without its engine's process`, value: peak, unit: 'MB', bar: null },
  ]
}

async function makeFiles(folder: string, format: 'csv' | 'parquet'): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const files: string[] = []
  for (let number = 0; number < OBJECTS; number++) {
    const file = path.join(folder, `part-${String(number).padStart(3, '0')}.${format}`)
    await connection.run(`COPY (SELECT i + ${number * ROWS[format]} AS id, 'customer ' || (i % 1000) AS customer, md5(i::VARCHAR || '${number}') AS token, (random() * 100000)::DECIMAL(12,2)::DOUBLE AS amount, random() AS score, i % 2 = 0 AS is_paid,
      TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS created_at, DATE '2024-01-01' + (i % 1000)::INT AS day, i % 7 AS kind, 'some longer text, with a comma, number ' || i AS note FROM range(${ROWS[format]}) t(i)) TO '${file}' ${format === 'csv' ? '(HEADER)' : '(FORMAT parquet, COMPRESSION zstd)'}`)
    files.push(file)
  }
  return files
}

async function linkBucket(bench: Bench, gateway: RadosGateway, name: string, pattern: string, format: FileFormat): Promise<string> {
  const config = { endpoint: gateway.endpoint, access_key_id: gateway.accessKey, secret_access_key: gateway.secretKey }
  const linked = await linkSource(bench.workspaceId, { connector: 's3', name, prefix: name, config, schemas: [], tables: [{ name, pattern, settings: { format, csv: {}, types: {}, changes: 'mirror', broken: 'fail' } }] })
  return linked.sourceId
}

async function bareSeconds(sql: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', path.join(projectFolder(), 'bench', 'bare-duckdb.ts'), sql, String(limits.stageThreads)])
  return Number(stdout)
}

/** A sync that finds nothing new in a bucket of many objects, against asking for the same pages and doing nothing with them. */
export async function listingRace(bench: Bench, objects: number): Promise<Measure[]> {
  const gateway = await startRadosgw()
  try {
    return await raceListing(bench, gateway, clientOf(gateway), objects)
  } finally {
    await gateway.stop()
  }
}

async function raceListing(bench: Bench, gateway: RadosGateway, client: S3Client, objects: number): Promise<Measure[]> {
  await client.send(new CreateBucketCommand({ Bucket: 'many' }))
  await gateway.fill('many', Array.from({ length: objects }, (_, id) => ({ key: `day=${id % 100}/part-${id}.csv`, body: `id\n${id}\n` })))
  const sourceId = await linkBucket(bench, gateway, 'many_files', 's3://many/**/*.csv', 'csv')
  const first = await bench.sync(sourceId, 'many_files', 'incremental')
  const theirs: number[] = []
  const ours: number[] = []
  let peak = 0
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await listSeconds(gateway, objects))
    const result = await bench.sync(sourceId, 'many_files', 'incremental')
    if (result.report?.isChanged !== false) throw new Error('the bucket was not unchanged')
    ours.push(result.seconds)
    peak = Math.max(peak, result.peakMegabytes)
  }
  return [
    { name: `${objects.toLocaleString('en')} unchanged objects against the bare list calls`, value: median(ours) / median(theirs), unit: '×', bar: 1.2, detail: `${seconds(median(ours))} against ${seconds(median(theirs))}; the first sync of them took ${seconds(first.seconds)}` },
    { name: 'peak memory of that sync', value: peak, unit: 'MB', bar: null },
  ]
}

/** The bare list calls, in a process of their own as the sync is; the seconds of the calls alone. */
async function listSeconds(gateway: RadosGateway, objects: number): Promise<number> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', path.join(projectFolder(), 'bench', 'bare-listing.ts'), gateway.endpoint, gateway.accessKey, gateway.secretKey])
  const { count, seconds } = Listed.parse(JSON.parse(stdout))
  if (count !== objects) throw new Error(`listed ${count} of ${objects}`)
  return seconds
}
