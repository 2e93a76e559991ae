import { afterEach, beforeEach, expect, test } from 'vitest'
import { SheetsServer } from '@/test/servers/sheets'
import type { CheckStep, DiscoveredSchema } from '../contract'
import type { ListedObject, ObjectAccess } from '../objects/object-access'
import { failure } from '../suite/suite'
import { googleSheets, sheetsConnector } from './connector'
import { parseSheetLink } from './link'
import { worksheetsInPage } from './tabs'

const never = new AbortController().signal
const NAMES = ['Orders', 'a b/c "d" \\e', "o'Brien & <Co>", '日本語 = 😀']
let server: SheetsServer
let sheets: ReturnType<typeof sheetsConnector>
let id: string

beforeEach(async () => {
  server = await new SheetsServer().listen()
  sheets = sheetsConnector({ docs: server.url, api: server.url, isContent: ({ origin }) => origin === server.contentUrl })
  id = server.create('Shop - 2026')
  NAMES.forEach((name, at) => server.put(id, at * 7, name, `id,name\n${at},x\n`))
  server.put(id, 99, 'A chart', '', 'OBJECT')
})

afterEach(() => server.close())

const config = (more: Record<string, unknown> = {}) => sheets.config.parse({ link: `https://docs.google.com/spreadsheets/d/${id}/edit?gid=7#gid=7`, ...more })
const discover = (more?: Record<string, unknown>): Promise<DiscoveredSchema[]> => sheets.discover(config(more), never, undefined)

async function text(access: ObjectAccess): Promise<{ object: ListedObject; text: string }> {
  for await (const [object] of access.list(never)) {
    const chunks: Uint8Array[] = []
    if (object) for await (const chunk of access.read(object, { from: 0 }, never)) chunks.push(chunk)
    if (object) return { object, text: Buffer.concat(chunks).toString() }
  }
  throw new Error('nothing was listed')
}

async function checked(more: Record<string, unknown> = {}): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  for await (const step of sheets.check(config(more), never)) steps.push(step)
  return steps
}

test.each(['script', 'buttons'] as const)('by its link each worksheet is a table, with its name (%s)', async (page) => {
  server.share(id, 'anyone')
  server.page = page
  expect((await discover()).map(({ name, location }) => [name, location.pattern])).toEqual(NAMES.map((name, at) => [name, String(at * 7)]))
  expect((await sheets.discover(config(), never, [{ pattern: '14' }])).map(({ name }) => name)).toEqual([NAMES[2]])
})

test('a worksheet is read from where Google hands it out, and has no state but its bytes', async () => {
  server.share(id, 'anyone')
  expect(await text(sheets.files.open(config(), '7'))).toEqual({ object: { key: '7', bytes: null, modifiedAt: null, fingerprint: null }, text: 'id,name\n1,x\n' })
  expect(sheets.files.open(config(), '7').addressPrefix + 7).toBe(`https://docs.google.com/spreadsheets/d/${id}/edit#gid=7`)
})

test('when the page names no worksheet, the one of the link is there, and the check warns', async () => {
  server.share(id, 'anyone')
  server.page = 'none'
  expect((await discover()).map(({ name, location }) => [name, location.pattern])).toEqual([[NAMES[1], '7']])
  expect((await checked()).at(-1)).toMatchObject({ status: 'warning', detail: expect.stringContaining('Google named no other worksheet') })
  expect((await text(sheets.files.open(config(), '7'))).text).toBe('id,name\n1,x\n')
})

test('a service account reads what is shared with it alone, and its token goes to no other host', async () => {
  const key = server.createKey('reader')
  const withKey = { key_file: JSON.stringify(key) }
  expect((await checked(withKey)).at(-1)?.error).toMatchObject({ code: 'permission', advice: `Share it with ${key.client_email} as Viewer` })
  server.share(id, key.client_email)
  expect((await checked(withKey)).at(-1)).toMatchObject({ status: 'ok', detail: expect.stringContaining('Shop - 2026: Orders') })
  expect((await discover(withKey)).map(({ name }) => name)).toEqual(NAMES)
  expect((await text(sheets.files.open(config(withKey), '14'))).text).toBe('id,name\n2,x\n')
  const content = server.requests.filter(({ host }) => host === 'content')
  expect(content.length).toBeGreaterThan(0)
  expect(content.map(({ authorization }) => authorization)).toEqual(content.map(() => undefined))
})

test('what is not shared is told as such, and nobody is asked to sign in', async () => {
  for (const work of [discover(), text(sheets.files.open(config(), '7'))]) expect(await failure(work)).toMatchObject({ code: 'permission', title: 'The spreadsheet is not shared with us', advice: expect.stringContaining('Anyone with the link') })
})

test('a spreadsheet or a worksheet that is gone is told as such', async () => {
  server.share(id, 'anyone')
  server.remove(id, 7)
  expect(await failure(text(sheets.files.open(config(), '7')))).toMatchObject({ code: 'missing_table', title: 'The worksheet is gone' })
  expect(await sheets.files.open(config(), '7').stat('7', never)).toBeNull()
  server.page = 'none'
  expect(await failure(text(sheets.files.open(config(), '7')))).toMatchObject({ code: 'missing_table' })
  expect(await failure(discover({ link: `https://docs.google.com/spreadsheets/d/${'q'.repeat(44)}/edit` }))).toMatchObject({ code: 'not_found' })
})

test('an export that is cut is a failure that may pass', async () => {
  server.share(id, 'anyone')
  server.cutAfter = 4
  expect(await failure(text(sheets.files.open(config(), '7')))).toMatchObject({ code: 'unreachable', isRetryable: true })
})

test('an export that leads anywhere but to Google’s servers is not followed', async () => {
  server.share(id, 'anyone')
  const strict = sheetsConnector({ docs: server.url, api: server.url, isContent: () => false })
  expect(await failure(text(strict.files.open(config(), '7')))).toMatchObject({ code: 'permission' })
  expect(server.requests.filter(({ host }) => host === 'content')).toEqual([])
})

test.each([
  ['https://docs.google.com/spreadsheets/d/1abcdefghijklmnopqrstuvwxyz/edit#gid=12', { id: '1abcdefghijklmnopqrstuvwxyz', isPublished: false, gid: '12' }],
  ['https://docs.google.com/spreadsheets/u/1/d/1abcdefghijklmnopqrstuvwxyz/edit?gid=3&x=1', { id: '1abcdefghijklmnopqrstuvwxyz', isPublished: false, gid: '3' }],
  [' https://docs.google.com/spreadsheets/d/1abcdefghijklmnopqrstuvwxyz ', { id: '1abcdefghijklmnopqrstuvwxyz', isPublished: false, gid: null }],
  ['https://docs.google.com/spreadsheets/d/e/2PACX-1abcdefghijklmnopqrstuvwxyz/pubhtml?gid=5&single=true', { id: '2PACX-1abcdefghijklmnopqrstuvwxyz', isPublished: true, gid: '5' }],
  ['https://docs.google.com.example.com/spreadsheets/d/1abcdefghijklmnopqrstuvwxyz/edit', null],
  ['https://docs.google.com/document/d/1abcdefghijklmnopqrstuvwxyz/edit', null],
  ['https://docs.google.com/spreadsheets/d/../../evil/edit', null],
])('the link %s', (link, parsed) => {
  expect(parseSheetLink(link)).toEqual(parsed)
  expect(googleSheets.config.safeParse({ link }).success).toBe(parsed !== null)
})

test('a page that is hostile takes no time and names nothing', () => {
  for (const html of ['items.push({name: "'.repeat(50_000), `items.push({name: "${'\\'.repeat(100_000)}`, '<li id="sheet-button-1'.repeat(50_000)]) expect(worksheetsInPage(html)).toEqual([])
})
