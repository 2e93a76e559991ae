import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'

test.describe.configure({ mode: 'serial' })

const SYNC_MS = 45_000
let folder: string

test.beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'upload-spec-'))
})

test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A file on the computer of the person. */
function file(name: string, body: string): string {
  const full = path.join(folder, name)
  writeFileSync(full, body)
  return full
}

/** One that says to be as long, and takes no room. */
function sparse(name: string, bytes: number): string {
  const full = file(name, '')
  const descriptor = openSync(full, 'r+')
  ftruncateSync(descriptor, bytes)
  closeSync(descriptor)
  return full
}

const rows = (from: number, to: number) => `id,city,amount\n${Array.from({ length: to - from + 1 }, (_, at) => `${from + at},City ${from + at},${from + at}.50\n`).join('')}`
const choose = (page: Page, ...files: string[]) => page.locator('input[type=file]').setInputFiles(files)
const arrived = (page: Page) => page.locator('[data-upload="done"]')
const link = (page: Page, name = 'Link source') => page.getByRole('button', { name, exact: true })
const table = (page: Page, name: string) => page.locator(`[data-table="${name}"]`)

async function start(page: Page): Promise<void> {
  await page.goto('/sources/new/upload')
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible()
}

/** Drops files, as from a window of the system's own. */
async function drop(page: Page, files: Record<string, string>): Promise<void> {
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer()
    for (const [name, body] of Object.entries(given)) transfer.items.add(new File([body], name))
    return transfer
  }, files)
  const zone = page.locator('[data-drop-zone]')
  await zone.dispatchEvent('dragenter', { dataTransfer: data })
  await expect(page.getByText('Let go to upload')).toBeVisible()
  await zone.dispatchEvent('drop', { dataTransfer: data })
}

test('a file is dropped, is looked at, linked, imported and queried', async ({ page }) => {
  await start(page)
  await checkAccessibility(page)
  await expect(link(page)).toBeDisabled()
  await drop(page, { 'Cities 2026.csv': rows(1, 500) })
  await expect(arrived(page)).toContainText('CSV')
  await expect(page.getByText('City 1', { exact: true })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Table name' })).toHaveValue('cities_2026')
  await page.getByRole('textbox', { name: 'Table name' }).fill('cities')
  await checkAccessibility(page)
  await link(page).click()
  await expect(page).toHaveURL(/\?source=/)
  await expect(table(page, 'cities')).toHaveAttribute('data-state', 'ready', { timeout: SYNC_MS })
  await expect(table(page, 'cities').getByText('500 rows')).toBeVisible()
  await table(page, 'cities').getByRole('link', { name: /Query/ }).click()
  await expect(page).toHaveURL(/\/sql\?table=upload_cities/)
  await expect(page.getByText('City 1', { exact: true }).first()).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('upload://Cities 2026.csv').first()).toBeVisible()
})

test('a large file shows how far it is, survives a lost connection, and can be cancelled', async ({ page }) => {
  await start(page)
  let letGo = () => {}
  const held = new Promise<void>((resolve) => { letGo = resolve })
  let parts = 0
  await page.route(/\/api\/files\/upload\/[0-9a-f-]+\?/, async (route) => {
    if (route.request().method() !== 'PUT') return route.continue()
    parts++
    if (parts === 2) return route.abort('connectionreset')
    if (parts === 3) await held
    return route.continue()
  })
  await choose(page, sparse('large.csv', 50_000_000))
  const bar = page.getByRole('progressbar', { name: 'Upload of large.csv' })
  await expect(bar).toHaveAttribute('aria-valuenow', '33', { timeout: 30_000 })
  await expect.poll(() => parts, { timeout: 30_000 }).toBe(3)
  await expect(page.locator('[data-upload="sending"]')).toContainText('33 % of 50 MB')
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Cancel large.csv' }).click()
  await expect(page.locator('[data-upload]')).toHaveCount(0)
  letGo()
  await expect(link(page)).toBeDisabled()
})

test('a file that failed says why, and goes on where it was when it is tried again', async ({ page }) => {
  await start(page)
  let isOnline = false
  const sent: string[] = []
  await page.route(/\/api\/files\/upload\/[0-9a-f-]+\?/, async (route) => {
    const from = new URL(route.request().url()).searchParams.get('from') ?? ''
    if (from !== '0' && !isOnline) return route.abort('internetdisconnected')
    sent.push(from)
    return route.continue()
  })
  await choose(page, file('long.csv', `id,text\n${'1,some words to fill a line\n'.repeat(700_000)}`))
  await expect(page.getByText('The connection was lost')).toBeVisible({ timeout: 30_000 })
  isOnline = true
  await page.getByRole('button', { name: 'Try long.csv again' }).click()
  await expect(arrived(page)).toHaveCount(1, { timeout: 30_000 })
  expect(sent).toEqual(['0', String(16 * 1024 * 1024)])
})

test('what cannot be uploaded is refused in words, and the rest goes on', async ({ page }) => {
  await start(page)
  await choose(page, file('letter.pdf', 'x'), file('empty.csv', ''), sparse('huge.csv', 2_200_000_000), file('fine.csv', 'id\n1\n'))
  await expect(page.getByText('letter.pdf is of a kind that cannot be read')).toBeVisible()
  await expect(page.getByText(/The file is empty/)).toBeVisible()
  await expect(page.getByText('The file is too large')).toBeVisible()
  await expect(arrived(page)).toHaveCount(1)
  await expect(link(page)).toBeEnabled()
  await checkAccessibility(page)
})

test('several files are one table or a table each', async ({ page }) => {
  await start(page)
  await choose(page, file('one.csv', 'id\n1\n'), file('two.json', '{"key": "a"}\n'))
  await expect(arrived(page)).toHaveCount(2)
  await expect(page.getByRole('radio', { name: /A table for each file/ })).toBeChecked()
  await expect(page.getByRole('button', { name: 'Link 2 tables' })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Remove two.json' }).click()
  await expect(link(page)).toBeEnabled({ timeout: 20_000 })
  await choose(page, file('three.csv', 'id\n3\n'))
  await page.getByRole('radio', { name: /One table of all files/ }).click()
  await expect(page.getByText('2 files match')).toBeVisible({ timeout: 20_000 })
})

test('the source shows its files; one is added, one is removed, and the table follows', async ({ page }) => {
  await page.goto('/sources')
  await page.getByRole('button', { name: 'Menu of Uploaded files' }).click()
  await page.getByRole('menuitem', { name: 'Open' }).click()
  const files = page.getByRole('list', { name: 'Uploaded files' })
  await expect(files.getByRole('listitem')).toHaveCount(1)
  const row = page.locator('[data-schema="cities"]')
  await choose(page, file('more.csv', rows(501, 600)))
  await expect(files.getByRole('listitem')).toHaveCount(2)
  await expect(files).toContainText('cities')
  await expect(row).toContainText('600', { timeout: SYNC_MS })
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Remove Cities 2026.csv' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove file' }).click()
  await expect(files.getByRole('listitem')).toHaveCount(1)
  await expect(row).toContainText('100', { timeout: SYNC_MS })
})

test('the way in is guarded: a session, our own pages, a workspace, and a length', async ({ page, playwright, baseURL }) => {
  const origin = { origin: baseURL ?? '' }
  const begin = { folder: null, name: 'a.csv', bytes: 3 }
  const stranger = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  expect((await stranger.post('/api/files/upload', { data: begin, headers: origin })).status()).toBe(401)
  expect((await page.request.post('/api/files/upload', { data: begin, headers: { origin: 'https://evil.example' } })).status()).toBe(403)
  expect((await page.request.post('/api/files/upload', { data: begin })).status()).toBe(403)
  const foreign = '00000000-0000-7000-8000-000000000000.00000000-0000-4000-8000-000000000000'
  expect((await page.request.post('/api/files/upload', { data: { ...begin, folder: foreign }, headers: origin })).status()).toBe(404)
  const begun = await page.request.post('/api/files/upload', { data: begin, headers: origin })
  expect(begun.status()).toBe(200)
  const { id, folder: own }: { id: string; folder: string } = await begun.json()
  const part = (at: string, data: string, headers = origin) => page.request.put(at, { data: Buffer.from(data), headers: { ...headers, 'content-type': 'application/octet-stream' } })
  expect((await stranger.put(`/api/files/upload/${id}?folder=${own}&from=0`, { data: 'abc', headers: origin })).status()).toBe(401)
  expect((await part(`/api/files/upload/${id}?folder=${foreign}&from=0`, 'abc')).status()).toBe(404)
  expect((await part(`/api/files/upload/..%2F..%2Fx?folder=${own}&from=0`, 'abc')).status()).toBe(404)
  expect((await part(`/api/files/upload/${id}?folder=${own}&from=0`, 'abcd')).status()).toBe(400)
  expect((await part(`/api/files/upload/${id}?folder=${own}`, 'abc')).status()).toBe(400)
  expect(await (await part(`/api/files/upload/${id}?folder=${own}&from=0`, 'abc')).json()).toMatchObject({ received: 3, file: { name: 'a.csv', bytes: 3, format: 'csv' } })
  expect((await page.request.delete(`/api/files/upload/${id}?folder=${own}`, { headers: origin })).status()).toBe(200)
  await stranger.dispose()
})

test('the page fits a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await start(page)
  await choose(page, file('a very long name of a file that nobody would want to read to its end.csv', rows(1, 5)))
  await expect(arrived(page)).toHaveCount(1)
  await expect(page.getByText('City 1', { exact: true })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await checkAccessibility(page)
})
