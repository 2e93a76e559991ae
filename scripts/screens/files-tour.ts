import path from 'node:path'
import type { Page } from '@playwright/test'
import { choose, field, IMPORT_MS, LOOK_MS, pattern } from '../../e2e/setup/files-form'
import { nameHosts } from '../../e2e/setup/name-hosts'
import { hasNoRadosgw } from '../../test/servers/radosgw'
import type { Camera } from './camera'
import { BUCKET, openFilesShop, orders, type FilesShop } from './files-shop'

/** The screens of files as the source: a bucket, the other stores, and files by hand. @param data the folder of the installation */
export async function takeFilesTour(camera: Camera, page: Page, data: string): Promise<void> {
  if (hasNoRadosgw) return void camera.missing.push({ screen: 'files', reason: 'there is no Ceph on this machine' })
  const shop = await openFilesShop()
  try {
    await connect(camera, page, shop)
    await look(camera, page, shop)
    const source = await load(camera, page)
    await settings(camera, page, source)
    await fail(camera, page, shop, source)
    await stores(camera, page, shop)
    await sheets(camera, page, shop, data)
    await sheetSettings(camera, page)
    await uploads(camera, page)
  } finally {
    await shop.close()
  }
}

const check = (page: Page) => page.getByRole('button', { name: 'Check', exact: true }).click()
const found = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: LOOK_MS })
/** What was found stands below what was filled in. */
const showRows = (page: Page) => page.getByRole('group', { name: 'First rows' }).scrollIntoViewIfNeeded()

async function connect(camera: Camera, page: Page, { gateway }: FilesShop): Promise<void> {
  await camera.stop('files-form', async () => {
    await page.goto('/sources/new/s3')
    await pattern(page).waitFor()
  })
  await camera.stop('files-form-missing', async () => {
    await check(page)
    await found(page, 'Enter where the files are')
  })
  await camera.stop('files-refused', async () => {
    await field(page, 'Access key').fill(gateway.accessKey)
    await field(page, 'Secret').fill('not-the-secret')
    await field(page, 'Address').fill(gateway.endpoint)
    await field(page, 'Table prefix').fill('exports')
    await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv`)
    await check(page)
    await page.locator('[data-status=failed]').waitFor({ timeout: LOOK_MS })
  })
}

async function look(camera: Camera, page: Page, { gateway, put }: FilesShop): Promise<void> {
  await field(page, 'Secret').fill(gateway.secretKey)
  await camera.stop('files-no-match', async () => {
    await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv.gz`)
    await check(page)
    await found(page, 'No file matches')
  })
  await camera.stop('files-checking', async () => {
    await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv`)
    await page.route('**/api/files/preview', () => undefined)
    await check(page)
    await found(page, 'Checking…')
  })
  await page.getByRole('button', { name: 'Stop the check' }).click()
  await page.unroute('**/api/files/preview')
  await camera.stop('files-preview', async () => {
    await check(page)
    await found(page, '26 files match')
    await showRows(page)
  })
  await camera.stop('files-csv', async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await field(page, 'Delimiter').waitFor()
  })
  await page.keyboard.press('Escape')
  await camera.stop('files-type-refused', async () => {
    await page.getByLabel('Type of city', { exact: true }).selectOption('DATE')
    await page.getByRole('alert').filter({ hasText: /city/ }).waitFor({ timeout: LOOK_MS })
    await showRows(page)
  })
  await page.getByLabel('Type of city', { exact: true }).selectOption('')
  await page.getByRole('button', { name: 'Link source', exact: true }).waitFor({ timeout: LOOK_MS })
  await camera.stop('files-two-tables', async () => {
    await put([{ key: 'events/a.jsonl', body: '{"kind": "seen", "at": "2026-01-01T10:00:00Z", "page": {"path": "/"}}\n' }])
    await page.getByRole('button', { name: 'Add another table' }).click()
    await pattern(page).fill(`s3://${BUCKET}/events/*.jsonl`)
    await check(page)
    await found(page, '1 file matches')
    await page.getByRole('heading', { name: 'Tables' }).scrollIntoViewIfNeeded()
  })
}

/** The address of the source that is imported. */
async function load(camera: Camera, page: Page): Promise<string> {
  await camera.stop('files-import', async () => {
    await page.getByRole('button', { name: 'Link 2 tables' }).click({ timeout: LOOK_MS })
    await page.waitForURL(/\?source=/, { timeout: LOOK_MS })
    await page.locator('[data-table="orders"][data-state="ready"]').waitFor({ timeout: IMPORT_MS })
  })
  const source = `/sources/${new URL(page.url()).searchParams.get('source') ?? ''}`
  await camera.stop('files-source', async () => {
    await page.goto(source)
    await page.locator('[data-schema="orders"]').getByText('Up to date').waitFor({ timeout: IMPORT_MS })
  })
  await camera.stop('files-run', () => openRun(page, source, 'Completed'))
  return source
}

async function settings(camera: Camera, page: Page, source: string): Promise<void> {
  await page.goto(source)
  await camera.stop('files-settings', async () => {
    await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Settings…' }).click()
    await found(page, '26 files match')
  })
  await camera.stop('files-settings-options', async () => {
    await page.getByRole('dialog').getByText('Options', { exact: true }).click()
    await page.getByText('When files change').scrollIntoViewIfNeeded()
  })
  await page.keyboard.press('Escape')
  await camera.stop('files-add-table', async () => {
    await page.getByRole('button', { name: 'Add table' }).click()
    await pattern(page).fill(`s3://${BUCKET}/orders/2026/*.csv`)
  })
  await page.keyboard.press('Escape')
}

async function fail(camera: Camera, page: Page, { put }: FilesShop, source: string): Promise<void> {
  await put([{ key: 'orders/2026/orders-2026-03.csv', body: orders('2026-03', 9_000, 3).replace('customer', '"customer') }])
  await camera.stop('files-broken', async () => {
    await page.goto(source)
    await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Sync now' }).click()
    await page.locator('[data-schema="orders"]').getByText(/orders-2026-03/).filter({ visible: true }).first().waitFor({ timeout: IMPORT_MS })
  })
  await camera.stop('files-run-failed', () => openRun(page, source, 'Failed'))
}

async function openRun(page: Page, source: string, status: string): Promise<void> {
  await page.goto(`${source}/runs`)
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: status }).filter({ hasText: 'orders' }).first().getByRole('link').click()
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
  await page.getByRole('log').waitFor()
}

async function stores(camera: Camera, page: Page, { gcs, gcsKey, host }: FilesShop): Promise<void> {
  await camera.stop('files-azure-form', async () => {
    await page.goto('/sources/new/azure-blob')
    await pattern(page).waitFor()
  })
  await camera.stop('files-gcs-form', async () => {
    await page.goto('/sources/new/gcs')
    await field(page, 'Key file of the service account').fill(JSON.stringify({ ...gcsKey, private_key: '-----BEGIN PRIVATE KEY-----…' }, null, 2))
    await pattern(page).fill('gs://shop-lake/orders/')
    await check(page)
    await found(page, 'The private key in the file cannot be read')
  })
  await camera.stop('files-delta', async () => {
    await field(page, 'Key file of the service account').fill(JSON.stringify(gcsKey, null, 2))
    await field(page, 'Address of the API').fill(gcs.url)
    await choose(page, 'Format', 'Delta Lake')
    await check(page)
    await found(page, 'The types are those of the Delta table')
    await showRows(page)
  })
  await camera.stop('files-https', async () => {
    await page.goto('/sources/new/https')
    await field(page, 'Addresses of the files').fill(`${host.url}/exports/kunden.csv\n${host.url}/exports/kunden.csv?day=2`)
    host.put('/exports/kunden.csv?day=2', Buffer.from(orders('2026-02', 60, 60), 'latin1'), { etag: 'none', hasLength: false })
    await check(page)
    await found(page, /Windows-1252/)
    await showRows(page)
  })
  await camera.stop('files-excel', async () => {
    await field(page, 'Addresses of the files').fill(`${host.url}/exports/budget-2026.xlsx`)
    await check(page)
    await found(page, 'Figures are net')
    await page.getByRole('button', { name: 'Choose a worksheet' }).click()
    await page.getByRole('menuitemradio', { name: 'Budget' }).waitFor()
  })
  await camera.stop('files-excel-sheet', async () => {
    await page.getByRole('menuitemradio', { name: 'Budget' }).click()
    await found(page, 'planned')
    await showRows(page)
  })
}

async function sheets(camera: Camera, page: Page, shop: FilesShop, data: string): Promise<void> {
  shop.sheets.contentUrl = 'https://doc-here.googleusercontent.com'
  nameHosts({ 'docs.google.com': shop.sheets.port, 'doc-here.googleusercontent.com': shop.sheets.contentPort }, data)
  await camera.stop('files-sheets-form', async () => {
    await page.goto('/sources/new/google-sheets')
    await field(page, 'Link of the spreadsheet').fill(`https://docs.google.com/spreadsheets/d/${shop.sheets.create('Private')}/edit`)
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await page.locator('[data-status=failed]').waitFor({ timeout: LOOK_MS })
  })
  await camera.stop('files-sheets-tables', async () => {
    await field(page, 'Link of the spreadsheet').fill(`https://docs.google.com/spreadsheets/d/${shop.spreadsheet}/edit`)
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await page.getByRole('heading', { name: 'Choose tables' }).waitFor({ timeout: LOOK_MS })
  })
  await camera.stop('files-sheets-source', async () => {
    await page.getByRole('button', { name: 'Import 3 tables' }).click()
    await page.waitForURL(/\?source=/, { timeout: LOOK_MS })
    await page.goto(`/sources/${new URL(page.url()).searchParams.get('source') ?? ''}`)
    for (const sheet of ['Targets', 'Campaigns 2026', 'Suppliers']) await page.locator(`[data-schema="${sheet}"]`).getByText('Up to date').waitFor({ timeout: IMPORT_MS })
  })
}

async function sheetSettings(camera: Camera, page: Page): Promise<void> {
  await camera.stop('files-sheets-settings', async () => {
    await page.getByRole('button', { name: 'Menu of Targets', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Settings…' }).click()
    await field(page, 'Look for changes').waitFor()
  })
  await page.keyboard.press('Escape')
}

async function uploads(camera: Camera, page: Page): Promise<void> {
  const send = (...names: string[]) => page.locator('input[type=file]').setInputFiles(names.map((name, at) => ({ name, mimeType: path.extname(name) === '.pdf' ? 'application/pdf' : 'text/csv', buffer: Buffer.from(orders('2026-01', at * 400)) })))
  await camera.stop('files-upload', async () => {
    await page.goto('/sources/new/upload')
    await page.getByRole('button', { name: 'Choose files' }).waitFor()
  })
  await camera.stop('files-upload-underway', async () => {
    await page.route(/\/api\/files\/upload\/[0-9a-f-]+\?/, () => undefined)
    await send('orders-2026-01.csv', 'orders-2026-02.csv', 'orders-2026-03.csv')
    await page.getByRole('progressbar').first().waitFor()
  })
  await page.unroute(/\/api\/files\/upload\/[0-9a-f-]+\?/)
  await camera.stop('files-upload-done', async () => {
    await page.goto('/sources/new/upload')
    await send('orders-2026-01.csv', 'orders-2026-02.csv', 'letter.pdf')
    await found(page, '2 files match')
    await page.getByRole('heading', { name: 'Upload files' }).scrollIntoViewIfNeeded()
  })
}
