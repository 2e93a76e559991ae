import fs from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderPath, newFolderId } from '@/lib/connectors/upload/folder'
import { listKept } from '@/lib/connectors/upload/kept-files'
import { FilesSettings } from '@/lib/core/files-settings'
import { newId } from '@/lib/core/ids'
import { findSchema, updateSchemas } from '@/lib/db/schemas'
import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'
import { sweepUploads } from '@/lib/syncs/sweep-uploads'
import type { Viewer } from '@/lib/workspace/schema'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { deleteSchemaData } from '../delete-schema-data'
import { deleteSource } from '../delete-source'
import { editSource } from '../edit-source'
import { fullConfig } from '../link-loaders'
import { linkSource } from '../link-source'
import { loadSourceUploads } from '../upload-loaders'
import { cancelUpload, receiveUpload, startUpload } from '../upload-stream'
import { addUploads } from './add-uploads'
import { removeSourceUpload } from './remove-source-upload'

const never = new AbortController().signal
const settings = FilesSettings.parse({ format: 'csv' })

let database: FreshDatabase
let viewer: Viewer
let stranger: Viewer

beforeAll(async () => {
  database = await freshDatabase()
  const { id, name } = await findOrInsertFirstWorkspace('Test')
  viewer = { userId: newId(), email: 'ada@example.com', name: 'Ada', workspaceId: id, workspaceName: name, role: 'owner', previews: { dataWarehouse: true } }
  stranger = { ...viewer, workspaceId: newId() }
})

afterAll(() => database.drop())

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function put(name: string, body: string, folder: string | null = null) {
  const begun = await startUpload(viewer, { folder, name, bytes: Buffer.byteLength(body) })
  const { file } = await receiveUpload(viewer, { ...begun, from: '0', length: String(Buffer.byteLength(body)) }, chunks(body), never)
  if (!file) throw new Error(`${name} did not arrive whole`)
  return { folder: begun.folder, file }
}

const link = (folder: string, prefix: string, patterns: Record<string, string>) =>
  linkSource(viewer.workspaceId, { connector: 'upload', prefix, name: prefix, config: { folder }, schemas: [], tables: Object.entries(patterns).map(([name, pattern]) => ({ name, pattern, settings })) })

const names = async (folder: string) => (await listKept(folder)).map(({ name }) => name)
const idOf = (linked: Awaited<ReturnType<typeof link>>, name: string) => linked.schemas.find((schema) => schema.name === name)?.id ?? ''

test('files are uploaded into one folder and linked as a table of it', async () => {
  const { folder, file } = await put('a.csv', 'id\n1\n')
  expect(file).toMatchObject({ name: 'a.csv', bytes: 5, format: 'csv' })
  await put('b.csv', 'id\n2\n', folder)
  const linked = await link(folder, 'linked', { orders: '*', second: 'b.csv' })
  expect(await loadSourceUploads(viewer, linked.sourceId)).toMatchObject({
    folder,
    files: [{ name: 'a.csv', bytes: 5, tables: ['orders'] }, { name: 'b.csv', tables: ['orders', 'second'] }],
    tables: [{ name: 'orders', pattern: '*' }, { name: 'second', pattern: 'b.csv' }],
  })
})

test('another workspace reaches none of it', async () => {
  const { folder, file } = await put('a.csv', 'id\n1\n')
  const linked = await link(folder, 'guarded', { orders: '*' })
  const place = { folder, id: file.id, from: '0', length: '1' }
  for (const work of [
    () => startUpload(stranger, { folder, name: 'b.csv', bytes: 1 }),
    () => receiveUpload(stranger, place, chunks('x'), never),
    () => cancelUpload(stranger, place),
    () => loadSourceUploads(stranger, linked.sourceId),
    () => fullConfig(stranger, { connector: 'upload', config: { folder } }),
    () => linkSource(stranger.workspaceId, { connector: 'upload', prefix: 'theirs', config: { folder }, schemas: [], tables: [{ name: 'orders', pattern: '*', settings }] }),
    () => removeSourceUpload(stranger.workspaceId, { sourceId: linked.sourceId, uploadId: file.id }),
    () => addUploads(stranger.workspaceId, { schemaId: idOf(linked, 'orders'), names: ['a.csv'] }),
  ]) await expect(work()).rejects.toMatchObject({ code: 'not_found' })
  expect(await names(folder)).toEqual(['a.csv'])
})

test('a folder belongs to one source: no other takes it, by linking or by an edit', async () => {
  const { folder } = await put('a.csv', 'id\n1\n')
  const own = (await put('b.csv', 'id\n1\n')).folder
  await link(folder, 'first', { orders: '*' })
  const second = await link(own, 'second', { orders: '*' })
  await expect(link(folder, 'third', { orders: '*' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(editSource(viewer.workspaceId, { sourceId: second.sourceId, config: { folder } })).rejects.toMatchObject({ code: 'conflict' })
  await editSource(viewer.workspaceId, { sourceId: second.sourceId, config: { folder: own } })
})

test.each([
  [{ folder: null, name: 'a.pdf', bytes: 1 }, /cannot be read/],
  [{ folder: null, name: 'a.xls', bytes: 1 }, /cannot be read/],
  [{ folder: null, name: 'a', bytes: 1 }, /cannot be read/],
  [{ folder: null, name: 'a.csv', bytes: 0 }, /cannot be uploaded/],
  [{ folder: null, name: 'a.csv', bytes: 3e9 }, /too large/],
  [{ folder: null, name: 'a.csv', bytes: -1 }, /cannot be uploaded/],
  [{ folder: '../../etc', name: 'a.csv', bytes: 1 }, /not here any more/],
  [null, /cannot be uploaded/],
])('%j is refused in words before a byte is sent', async (body, title) => {
  await expect(startUpload(viewer, body)).rejects.toMatchObject({ title: expect.stringMatching(title) })
})

test.each([
  ['a.csv', 'PAR1xx', 'parquet'], ['a.txt', ' {"id": 1}', 'json'], ['a.txt', 'id\n1', 'csv'], ['a.jsonl.gz', 'x', 'json'], ['a.xlsx', 'PK\u0003\u0004 xl/workbook.xml', 'excel'], ['a.csv', 'PK\u0003\u0004 [Content_Types].xml', 'excel'], ['a.csv.zip', 'PK\u0003\u0004 a.csv', 'csv'],
])('the format of %s that begins with %j is %s', async (name, body, format) => {
  expect((await put(name, body)).file.format).toBe(format)
})

test('files that are added later become part of a table, which is due at once', async () => {
  const { folder } = await put('a.csv', 'id\n1\n')
  const linked = await link(folder, 'added', { orders: 'a.csv' })
  const schemaId = idOf(linked, 'orders')
  await updateSchemas(viewer.workspaceId, [schemaId], { nextRunAt: new Date('2099-01-01') })
  await put('b.csv', 'id\n2\n', folder)
  await addUploads(viewer.workspaceId, { schemaId, names: ['a.csv', 'b.csv'] })
  const schema = await findSchema(viewer.workspaceId, schemaId)
  expect(schema?.location).toEqual({ pattern: 'a.csv | b.csv' })
  expect(schema?.nextRunAt?.getTime()).toBeLessThanOrEqual(Date.now())
  await expect(addUploads(viewer.workspaceId, { schemaId, names: Array.from({ length: 600 }, (_, at) => `many-${at}.csv`) })).rejects.toMatchObject({ code: 'invalid' })
})

test('a file that takes the place of an older one stays in its table, whatever table is chosen', async () => {
  const { folder } = await put('a.csv', 'id\n1\n')
  await put('b.csv', 'id\n2\n', folder)
  const linked = await link(folder, 'replaced', { first: 'a.csv', second: 'b.csv' })
  await updateSchemas(viewer.workspaceId, linked.schemas.map(({ id }) => id), { nextRunAt: new Date('2099-01-01') })
  await put('b.csv', 'id\n3\n', folder)
  await addUploads(viewer.workspaceId, { schemaId: idOf(linked, 'first'), names: ['b.csv'] })
  const now = await Promise.all(['first', 'second'].map((name) => findSchema(viewer.workspaceId, idOf(linked, name))))
  expect(now.map((schema) => [schema?.location.pattern, (schema?.nextRunAt?.getTime() ?? 0) <= Date.now()])).toEqual([['a.csv', false], ['b.csv', true]])
})

test('a file that is removed is gone, and the tables that it was part of are due', async () => {
  const { folder, file } = await put('a.csv', 'id\n1\n')
  await put('b.csv', 'id\n2\n', folder)
  const linked = await link(folder, 'removed', { both: '*', second: 'b.csv' })
  await updateSchemas(viewer.workspaceId, linked.schemas.map(({ id }) => id), { nextRunAt: new Date('2099-01-01') })
  await removeSourceUpload(viewer.workspaceId, { sourceId: linked.sourceId, uploadId: file.id })
  expect(await names(folder)).toEqual(['b.csv'])
  const due = await Promise.all(['both', 'second'].map(async (name) => ((await findSchema(viewer.workspaceId, idOf(linked, name)))?.nextRunAt?.getTime() ?? 0) <= Date.now()))
  expect(due).toEqual([true, false])
  await expect(removeSourceUpload(viewer.workspaceId, { sourceId: linked.sourceId, uploadId: file.id })).rejects.toMatchObject({ code: 'not_found' })
})

test('with the data of a table go the files of that table alone, and with a source all of them', async () => {
  const { folder } = await put('a.csv', 'id\n1\n')
  for (const name of ['b.csv', 'shared.csv']) await put(name, 'id\n2\n', folder)
  const linked = await link(folder, 'deleted', { one: 'a.csv | shared.csv', other: 'b.csv | shared.csv' })
  await deleteSchemaData(viewer.workspaceId, idOf(linked, 'one'))
  expect(await names(folder)).toEqual(['b.csv', 'shared.csv'])
  await deleteSource(viewer.workspaceId, linked.sourceId)
  await expect(fs.stat(folderPath(folder))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a day later what no source names is swept, and what one names stays without what was never finished', async () => {
  const linked = await put('a.csv', 'id\n1\n')
  const abandoned = await put('a.csv', 'id\n1\n')
  const foreign = newFolderId(stranger.workspaceId)
  await fs.mkdir(folderPath(foreign), { recursive: true })
  await link(linked.folder, 'swept', { orders: '*' })
  await startUpload(viewer, { folder: linked.folder, name: 'b.csv', bytes: 5 })
  expect(await sweepUploads()).toEqual({ files: 0, bytes: 0 })
  await sweepUploads(new Date(Date.now() + 60_000))
  expect(await fs.readdir(folderPath(linked.folder))).toHaveLength(2)
  await expect(fs.stat(folderPath(abandoned.folder))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await fs.readdir(folderPath(foreign))).toEqual([])
})
