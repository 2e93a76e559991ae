import fs from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { CheckStep } from '../contract'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import { cleanName } from './clean-name'
import { upload } from './connector'
import { folderPath, isOfWorkspace } from './folder'
import { put, someFolder } from './for-test'
import { listKept } from './kept-files'
import { removeUpload } from './receive'

const never = new AbortController().signal
let folder: string

beforeEach(() => {
  folder = someFolder()
})

const open = (pattern = '*'): ObjectAccess => upload.files.open({ folder }, pattern)

async function listed(access = open(), signal = never): Promise<ListedObject[]> {
  const objects: ListedObject[] = []
  for await (const page of access.list(signal)) objects.push(...page)
  return objects
}

async function only(name: string): Promise<ListedObject> {
  const object = await open().stat(name, never)
  if (!object) throw new Error(`there is no ${name}`)
  return object
}

async function text(object: ListedObject, span: { from: number; to?: number } = { from: 0 }, signal = never): Promise<string> {
  const all: Uint8Array[] = []
  for await (const chunk of open().read(object, span, signal)) all.push(chunk)
  return Buffer.concat(all).toString()
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then((value) => Promise.reject(new Error(`It passed: ${JSON.stringify(value)}`)), (error: unknown) => error)
}

async function stepsOf(steps: AsyncIterable<CheckStep>): Promise<CheckStep[]> {
  const all: CheckStep[] = []
  for await (const step of steps) all.push(step)
  return all
}

test('each file is one object with its length, its time and the digest of its content, and its bytes', async () => {
  await put(folder, 'b.csv', 'id\n1\n')
  await put(folder, 'a.csv', '')
  expect(await listed()).toMatchObject([{ key: 'a.csv', bytes: 0 }, { key: 'b.csv', bytes: 5, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  const object = await only('b.csv')
  expect(Math.abs(Date.parse(object.modifiedAt ?? '') - Date.now())).toBeLessThan(60_000)
  expect([await text(object), await text(object, { from: 1, to: 3 }), await text(object, { from: 3 }), await text(object, { from: 2, to: 2 }), await text(object, { from: 5 }), await text(object, { from: 4, to: 99 })]).toEqual(['id\n1\n', 'd\n', '1\n', '', '', '\n'])
  expect(await text(await only('a.csv'))).toBe('')
  expect(await open().stat('c.csv', never)).toBeNull()
})

test('the same content again is the same state; another one of the same length is not, and what was listed before is a change', async () => {
  await put(folder, 'a.csv', 'one')
  const first = await only('a.csv')
  await put(folder, 'a.csv', 'one')
  expect((await only('a.csv')).fingerprint).toBe(first.fingerprint)
  expect(await text(first)).toBe('one')
  await put(folder, 'a.csv', 'two')
  expect((await listed()).map(({ key, fingerprint }) => [key, fingerprint === first.fingerprint])).toEqual([['a.csv', false]])
  expect(await failure(text(first))).toBeInstanceOf(ObjectChanged)
  const second = await only('a.csv')
  await removeUpload(folder, (await listKept(folder))[0]?.id ?? '')
  expect(await failure(text(second))).toBeInstanceOf(ObjectChanged)
  expect([await listed(), await fs.readdir(folderPath(folder))]).toEqual([[], []])
})

test('a pattern chooses files by their names, and several are parted by |', async () => {
  for (const name of ['orders-1.csv', 'orders-2.csv', 'refunds.csv', 'notes.json']) await put(folder, name, name)
  const names = async (pattern: string) => (await listed(open(pattern))).map(({ key }) => key)
  expect(await names('orders-*.csv')).toEqual(['orders-1.csv', 'orders-2.csv'])
  expect(await names('refunds.csv | notes.json')).toEqual(['notes.json', 'refunds.csv'])
  expect(await names('none.csv')).toEqual([])
  expect(await open('refunds.csv').stat('notes.json', never)).toBeNull()
})

test.each(['', ' | ', '../*', 'a/b.csv', 'C:\\a.csv', 's3://bucket/*', 'a\u0000.csv'])('%j is no pattern of names, and is refused in words', (pattern) => {
  expect(() => upload.files.checkPattern({ folder }, pattern)).toThrow(expect.objectContaining({ code: 'invalid' }))
})

test.each(['..', '/etc', '../../etc', 'a', '', `${'0'.repeat(8)}-0000-4000-8000-000000000000`, '00000000-0000-4000-8000-000000000000.../..', '00000000-0000-4000-8000-000000000000.00000000-0000-4000-8000-000000000000\u0000', '00000000-0000-4000-8000-000000000000.00000000-0000-4000-8000-000000000000/..'])('%j is no folder: nothing outside is ever read', async (hostile) => {
  expect(upload.config.safeParse({ folder: hostile }).success).toBe(false)
  expect(() => folderPath(hostile)).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(isOfWorkspace(hostile, hostile.split('.')[0] ?? '')).toBe(false)
  expect(await failure(listed(upload.files.open({ folder: hostile }, '*')))).toMatchObject({ code: 'not_found' })
})

test('a link in the folder, or in its place, is not followed', async () => {
  const kept = await put(folder, 'a.csv', 'id\n1\n')
  const object = await only('a.csv')
  const place = folderPath(folder)
  const secret = path.join(path.dirname(path.dirname(place)), 'secret')
  await fs.writeFile(secret, 'id\n9\n')
  await fs.rm(path.join(place, `${kept.id}.data`))
  await fs.symlink(secret, path.join(place, `${kept.id}.data`))
  expect(await failure(text(object))).toBeInstanceOf(ObjectChanged)
  await fs.rename(path.join(place, `${kept.id}.json`), `${secret}.json`)
  await fs.symlink(`${secret}.json`, path.join(place, `${kept.id}.json`))
  expect(await listed()).toEqual([])
  const other = someFolder()
  await fs.mkdir(path.dirname(folderPath(other)), { recursive: true })
  await fs.symlink(place, folderPath(other))
  expect(await failure(listed(upload.files.open({ folder: other }, '*')))).toMatchObject({ code: 'not_found' })
})

test('strange things beside the files of a folder are no files', async () => {
  await put(folder, 'a.csv', 'x')
  for (const name of ['b.csv', '.json', 'x.json', '...data']) await fs.writeFile(path.join(folderPath(folder), name), '{}')
  expect((await listed()).map(({ key }) => key)).toEqual(['a.csv'])
})

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\orders.csv', 'orders.csv'],
  ['..', 'file'],
  ['', 'file'],
  ['a\u0000b\u202Egpj.csv', 'abgpj.csv'],
  ['a*b|c?.csv', 'a_b_c_.csv'],
  ['  .hidden. ', 'hidden'],
  ['u\u0308.csv', 'ü.csv'],
  ['\uD800.csv', 'csv'],
  [`${'x'.repeat(5000)}.csv.gz`, `${'x'.repeat(193)}.csv.gz`],
  [`${'😀'.repeat(300)}.csv`, `${'😀'.repeat(98)}.csv`],
])('the name %j is kept as %j', async (given, cleaned) => {
  expect(cleanName(given)).toBe(cleaned)
  await put(folder, given, 'x')
  expect((await listed()).map(({ key }) => key)).toEqual([cleaned])
})

test('the check says what is there, and what is missing', async () => {
  await put(folder, 'a.csv', 'id\n1\n')
  const passed = [...(await stepsOf(upload.check({ folder }, never))), ...(await stepsOf(upload.files.check({ folder }, '*', never)))]
  expect(passed.map(({ id, status }) => `${id} ${status}`)).toEqual(['folder ok', 'list ok', 'match ok', 'read ok'])
  expect((await stepsOf(upload.files.check({ folder }, '*.json', never))).at(-1)).toMatchObject({ status: 'failed', error: { code: 'not_found', detail: 'There are a.csv' } })
  expect((await stepsOf(upload.check({ folder: someFolder() }, never))).at(-1)).toMatchObject({ status: 'failed', error: { code: 'not_found', title: 'The uploaded files are not here any more' } })
})

test('an abort ends a listing and a read in words', async () => {
  await put(folder, 'a.csv', Buffer.alloc(3_000_000))
  const stop = new AbortController()
  const reading = (async () => {
    for await (const chunk of open().read(await only('a.csv'), { from: 0 }, stop.signal)) if (chunk.length) stop.abort()
  })()
  expect(await failure(reading)).toMatchObject({ code: 'cancelled' })
  expect(await failure(listed(open(), stop.signal))).toMatchObject({ code: 'cancelled' })
})
