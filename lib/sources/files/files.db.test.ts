import { CreateBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { FilesSettings } from '@/lib/core/files-settings'
import { findSchema, listSchemas, updateSchemas } from '@/lib/db/schemas'
import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { putObjects, type NewObject } from '@/test/servers/ceph/put-objects'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '@/test/servers/radosgw'
import { storedDiscovery } from '../discovered-schema'
import type { FilesPreview } from '../files-schema'
import { linkSource } from '../link-source'
import { addFilesTable } from './add-files-table'
import { checkFilesConfig } from './check-files-config'
import { editFilesTable } from './edit-files-table'
import { refreshColumns } from './refresh-columns'
import { removeFilesTable } from './remove-files-table'

const BUCKET = 'shop'
const signal = new AbortController().signal

let database: FreshDatabase
let gateway: RadosGateway
let client: S3Client
let workspaceId: string

const put = (objects: NewObject[]) => putObjects(client, BUCKET, objects)
const config = () => ({ access_key_id: gateway.accessKey, secret_access_key: gateway.secretKey, endpoint: gateway.endpoint, region: 'us-east-1' })
const csv = (given: object = {}) => FilesSettings.parse({ format: 'csv', ...given })
const orders = (given: object = {}) => ({ name: 'orders', pattern: `s3://${BUCKET}/orders/*.csv`, settings: csv(given) })
const columnsOf = async (schemaId: string) => storedDiscovery((await findSchema(workspaceId, schemaId))?.discovered).columns.map(({ name, type }) => `${name} ${type}`)
const failure = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => (error instanceof AppError ? error : Promise.reject(error)))

async function link(prefix: string, tables = [orders()]) {
  const linked = await linkSource(workspaceId, { connector: 's3', prefix, name: prefix, config: config(), schemas: [], tables })
  const [schema] = linked.schemas
  if (!schema) throw new Error('one table was linked')
  return { sourceId: linked.sourceId, schemaId: schema.id, table: schema.table }
}

async function look(pattern: string, settings = csv()): Promise<{ steps: string[]; preview: FilesPreview | undefined }> {
  const steps: string[] = []
  let preview: FilesPreview | undefined
  for await (const line of checkFilesConfig('s3', config(), { pattern, settings }, signal)) {
    if (line.kind === 'preview') preview = line.preview
    else steps.push(line.step.status)
  }
  return { steps, preview }
}

beforeAll(async () => {
  if (hasNoRadosgw) return
  database = await freshDatabase()
  gateway = await startRadosgw()
  client = new S3Client({ endpoint: gateway.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: gateway.accessKey, secretAccessKey: gateway.secretKey } })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await put([
    { key: 'orders/a.csv', body: 'id,total,code\n1,1.5,007\n2,,008\n' },
    { key: 'orders/b.csv', body: 'id,total,code\n3,2.5,009\n' },
    { key: 'broken/a.csv', body: 'id,total\n1,2\n3\n"4,5\n' },
  ])
  workspaceId = (await findOrInsertFirstWorkspace('Test')).id
})
afterAll(async () => {
  client?.destroy()
  await gateway?.stop()
  await database?.drop()
})

describe.skipIf(hasNoRadosgw)('the files of a table, looked at before anything is kept', () => {
  test('a look tells which files there are, their columns and first rows, and the type that was chosen beside the one that was found', async () => {
    const { steps, preview } = await look(`s3://${BUCKET}/orders/*.csv`, csv({ types: { code: 'VARCHAR' } }))
    expect(new Set(steps)).toEqual(new Set(['ok']))
    expect(preview).toMatchObject({ objectCount: 2, isCountExact: true, problem: null, csv: { delimiter: ',', header: true } })
    expect(preview?.objects.map(({ address }) => address)).toEqual([`s3://${BUCKET}/orders/a.csv`, `s3://${BUCKET}/orders/b.csv`])
    expect(preview?.columns.map(({ name, chosenType }) => [name, chosenType])).toEqual([['id', null], ['total', null], ['code', 'VARCHAR']])
    expect(preview?.rows).toEqual([['1', '1.5', '007'], ['2', null, '008']])
  })

  test('a file that cannot be read is shown with what is wrong, among the files that there are', async () => {
    const { preview } = await look(`s3://${BUCKET}/orders/*.csv`, FilesSettings.parse({ format: 'parquet' }))
    expect(preview).toMatchObject({ objectCount: 2, columns: [], problem: { code: 'bad_file' } })
    expect(preview?.objects).toHaveLength(2)
  })

  test('nothing is looked at after a step that failed', async () => {
    const { steps, preview } = await look('s3://no-such-bucket/*.csv')
    expect(steps.at(-1)).toBe('failed')
    expect(preview).toBeUndefined()
  })

  test('a pattern of another cloud is refused at its field', async () => {
    expect(await failure(look('https://account.blob.core.windows.net/files/*.csv'))).toMatchObject({ code: 'invalid', fields: { pattern: expect.stringMatching(/another store/) } })
  })
})

describe.skipIf(hasNoRadosgw)('a table that people make from the files of a bucket', () => {
  test('a linked table is on, due at once, and knows its columns', async () => {
    const { schemaId, table } = await link('linked', [orders({ types: { code: 'VARCHAR' }, changes: 'append' })])
    expect(table).toBe('linked_s3_orders')
    expect(await findSchema(workspaceId, schemaId)).toMatchObject({ enabled: true, method: 'incremental', replicationKey: null, location: { pattern: `s3://${BUCKET}/orders/*.csv` }, fileSettings: { format: 'csv', changes: 'append' }, nextRunAt: expect.any(Date) })
    expect(await columnsOf(schemaId)).toEqual(['id BIGINT', 'total DOUBLE', 'code VARCHAR'])
  })

  test('a source of files without a table is refused, and so is a table twice, and nothing is kept of either', async () => {
    const base = { connector: 's3', prefix: 'refused', config: config(), schemas: [] }
    expect(await failure(linkSource(workspaceId, { ...base, tables: [] }))).toMatchObject({ code: 'invalid' })
    expect(await failure(linkSource(workspaceId, { ...base, tables: [orders(), orders()] }))).toMatchObject({ code: 'conflict', fields: { 'tables.1.name': expect.any(String) } })
    await linkSource(workspaceId, { ...base, tables: [orders()] })
  })

  test('files that cannot be read are refused when they are linked', async () => {
    expect(await failure(linkSource(workspaceId, { connector: 's3', prefix: 'unread', config: config(), schemas: [], tables: [{ ...orders(), settings: FilesSettings.parse({ format: 'parquet' }) }] }))).toMatchObject({ code: 'bad_file' })
  })

  test('tables of files are for connectors of files alone', async () => {
    expect(await failure(linkSource(workspaceId, { connector: 'postgres', prefix: 'wrong', config: { host: 'localhost', database: 'x', user: 'x', password: 'x' }, schemas: [], tables: [orders()] }))).toMatchObject({ code: 'invalid' })
  })

  test('a table is added beside the others; a name that is there is refused at its field', async () => {
    const { sourceId } = await link('added')
    const added = await addFilesTable(workspaceId, { sourceId, table: { ...orders(), name: 'late', frequency: 'hour' } }, signal)
    expect(await findSchema(workspaceId, added.schemaId)).toMatchObject({ name: 'late', tableName: 'added_s3_late', frequency: 'hour', enabled: true })
    expect(await failure(addFilesTable(workspaceId, { sourceId, table: orders() }, signal))).toMatchObject({ code: 'conflict', fields: { 'tables.0.name': expect.any(String) } })
  })
})

describe.skipIf(hasNoRadosgw)('a table of files that is there', () => {
  test('an edit changes what is sent alone, brings the columns up to date, and makes the table due', async () => {
    const { schemaId } = await link('edited')
    await updateSchemas(workspaceId, [schemaId], { nextRunAt: null, pausedReason: 'it failed' })
    await editFilesTable(workspaceId, { schemaId, settings: csv({ types: { code: 'VARCHAR' } }) }, signal)
    expect(await findSchema(workspaceId, schemaId)).toMatchObject({ pausedReason: null, nextRunAt: expect.any(Date), location: { pattern: `s3://${BUCKET}/orders/*.csv` } })
    expect(await columnsOf(schemaId)).toContain('code VARCHAR')
    await editFilesTable(workspaceId, { schemaId, pattern: `s3://${BUCKET}/orders/b.csv` }, signal)
    expect(await findSchema(workspaceId, schemaId)).toMatchObject({ location: { pattern: `s3://${BUCKET}/orders/b.csv` }, fileSettings: { types: { code: 'VARCHAR' } } })
  })

  test('an edit to files that cannot be read changes nothing', async () => {
    const { schemaId } = await link('kept')
    const before = await findSchema(workspaceId, schemaId)
    expect(await failure(editFilesTable(workspaceId, { schemaId, pattern: 's3://no-such-bucket/*.csv' }, signal))).toBeInstanceOf(AppError)
    expect(await failure(editFilesTable(workspaceId, { schemaId, settings: csv({ types: { code: 'DATE' } }) }, signal))).toMatchObject({ code: 'bad_file' })
    expect(await findSchema(workspaceId, schemaId)).toEqual(before)
  })

  test('a look that takes too long says so, and changes nothing', async () => {
    const { schemaId } = await link('late')
    const tooLong = AbortSignal.abort(new DOMException('', 'TimeoutError'))
    expect(await failure(editFilesTable(workspaceId, { schemaId, pattern: `s3://${BUCKET}/**` }, tooLong))).toMatchObject({ code: 'timeout', isRetryable: true })
  })

  test('what becomes of changed files is set without looking at any', async () => {
    const { schemaId } = await link('quick')
    await editFilesTable(workspaceId, { schemaId, settings: csv({ changes: 'keep-deleted', broken: 'set-aside' }) }, AbortSignal.abort())
    expect(await findSchema(workspaceId, schemaId)).toMatchObject({ fileSettings: { changes: 'keep-deleted', broken: 'set-aside' } })
  })

  test('refreshed columns name what came, went and changed; a table that cannot be looked at says why and keeps what it had', async () => {
    await put([{ key: 'fresh/a.csv', body: 'id,old,kind\n1,x,1\n' }, { key: 'gone/a.csv', body: 'id\n1\n' }])
    const { sourceId } = await link('fresh', [{ ...orders(), name: 'fresh', pattern: `s3://${BUCKET}/fresh/*.csv` }, { ...orders(), name: 'gone', pattern: `s3://${BUCKET}/gone/*.csv` }])
    await put([{ key: 'fresh/a.csv', body: 'id,kind,new\n1,one,2\n' }])
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone/a.csv' }))
    const refreshed = await refreshColumns(workspaceId, { sourceId }, signal)
    expect(refreshed[0]).toMatchObject({ name: 'fresh', added: ['new'], missing: ['old'], retyped: ['kind'], problem: null })
    expect(refreshed[1]).toMatchObject({ name: 'gone', added: [], missing: [], problem: { title: expect.any(String) } })
    const [fresh, gone] = await listSchemas(workspaceId, { sourceId })
    expect(await columnsOf(fresh?.id ?? '')).toEqual(['id BIGINT', 'kind VARCHAR', 'new BIGINT'])
    expect(await columnsOf(gone?.id ?? '')).toEqual(['id BIGINT'])
  })

  test('a removed table is gone, the others of its source stay', async () => {
    const { sourceId, schemaId } = await link('removed', [orders(), { ...orders(), name: 'other' }])
    await removeFilesTable(workspaceId, schemaId)
    expect((await listSchemas(workspaceId, { sourceId })).map(({ name }) => name)).toEqual(['other'])
    expect(await failure(removeFilesTable(workspaceId, schemaId))).toMatchObject({ code: 'not_found' })
  })

  test('another workspace reaches none of it', async () => {
    const { schemaId } = await link('guarded')
    const stranger = '00000000-0000-7000-8000-000000000000'
    for (const work of [() => removeFilesTable(stranger, schemaId), () => editFilesTable(stranger, { schemaId, settings: csv() }, signal), () => refreshColumns(stranger, { schemaIds: [schemaId] }, signal)]) {
      expect(await failure(work())).toMatchObject({ code: 'not_found' })
    }
    expect(await findSchema(workspaceId, schemaId)).not.toBeNull()
  })
})
