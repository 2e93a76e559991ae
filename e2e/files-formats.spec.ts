import { expect, test, type Page } from '@playwright/test'
import { FilesHost } from '../test/servers/files-host'
import { startGcs, type GcsServer } from '../test/servers/gcs/gcs-server'
import { checkAccessibility } from './setup/check-accessibility'
import { deltaTable } from './setup/delta-table'
import { check, choose, field, firstRows, LOOK_MS, overflow, pattern, typeOf } from './setup/files-form'
import { workbook } from './setup/workbook'

let gcs: GcsServer
let host: FilesHost

test.beforeAll(async () => {
  [gcs, host] = await Promise.all([startGcs(), new FilesHost().listen()])
})

test.afterAll(async () => {
  await Promise.all([gcs?.close(), host?.close()])
})

const addresses = (page: Page) => field(page, 'Addresses of the files')

async function openHttps(page: Page, address: string): Promise<void> {
  await page.goto('/sources/new/https')
  await addresses(page).fill(address)
}

test('a Delta table shows what its log says, with types that nobody chooses', async ({ page }) => {
  const key = gcs.createKey('reader')
  gcs.createBucket('lake')
  gcs.grant('lake', key.client_email, { list: true, read: true })
  for (const [name, body] of deltaTable('orders')) gcs.putObject('lake', name, body)
  await page.goto('/sources/new/gcs')
  await field(page, 'Key file of the service account').fill(JSON.stringify(key))
  await field(page, 'Address of the API').fill(gcs.url)
  await pattern(page).fill('gs://lake/orders/')
  await expect(field(page, 'Table name')).toHaveValue('orders')
  await choose(page, 'Format', 'Delta Lake')
  await check(page).click()
  await expect(page.getByText('The types are those of the Delta table, and cannot be chosen.')).toBeVisible({ timeout: LOOK_MS })
  await expect(firstRows(page)).toContainText('DECIMAL(9,2)')
  await expect(firstRows(page).getByText('Ada', { exact: true })).toBeVisible()
  await expect(firstRows(page).getByText('2026-01-01').first()).toBeVisible()
  await expect(typeOf(page, 'total')).toHaveCount(0)
  await checkAccessibility(page)
  gcs.deleteObject('lake', 'orders/month=2026-01-01/part-0.parquet')
  await pattern(page).fill('gs://lake/orders/**')
  await check(page).click()
  await expect(page.getByText(/part-0.parquet is not there/)).toBeVisible({ timeout: LOOK_MS })
})

test('the worksheet of a workbook is chosen from those that it has, or typed', async ({ page }) => {
  const book = workbook({ Notes: [['note'], ['Only for us']], Orders: [['id', 'city'], [1, 'Köln'], [2, 'Paris']], 'Refunds 2026': [['id'], [7]] })
  const address = host.put('/exports/shop.xlsx', book, { contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' })
  const worksheet = field(page, 'Worksheet')
  const menu = page.getByRole('button', { name: 'Choose a worksheet' })
  await openHttps(page, address)
  await expect(field(page, 'Format')).toHaveText('Excel')
  await expect(menu).toHaveCount(0)
  await check(page).click()
  await expect(firstRows(page).getByText('Only for us')).toBeVisible({ timeout: LOOK_MS })
  await menu.click()
  await expect(page.getByRole('menuitemradio')).toHaveText(['Notes', 'Orders', 'Refunds 2026'])
  await checkAccessibility(page)
  await page.getByRole('menuitemradio', { name: 'Orders' }).click()
  await expect(worksheet).toHaveValue('Orders')
  await expect(firstRows(page).getByText('Köln', { exact: true })).toBeVisible({ timeout: LOOK_MS })

  // without a header the first row is one of the table
  await choose(page, 'First row', 'Values')
  await expect(firstRows(page).getByRole('cell', { name: 'city' })).toBeVisible({ timeout: LOOK_MS })
  await choose(page, 'First row', 'Column names')
  await expect(firstRows(page).getByRole('cell', { name: 'city' })).toHaveCount(0, { timeout: LOOK_MS })

  await worksheet.fill('Sales')
  await check(page).click()
  await expect(page.getByText(/has no worksheet Sales/)).toBeVisible({ timeout: LOOK_MS })
  await menu.click()
  await page.getByRole('menuitemradio', { name: 'Refunds 2026' }).click()
  await expect(firstRows(page).getByText('7', { exact: true })).toBeVisible({ timeout: LOOK_MS })
  await expect(page.getByRole('button', { name: 'Link source', exact: true })).toBeEnabled()
})

test('a CSV in another encoding shows which was found, and its letters', async ({ page }) => {
  const western = host.put('/exports/customers.csv', Buffer.from('id;name\n1;Jürgen Groß\n2;Zoë\n', 'latin1'))
  await openHttps(page, western)
  await check(page).click()
  await expect(page.getByText('Read as Semicolon · header · Windows-1252 (Western)')).toBeVisible({ timeout: LOOK_MS })
  await expect(firstRows(page).getByText('Jürgen Groß')).toBeVisible()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect(field(page, 'Encoding')).toHaveValue('found')
  await expect(field(page, 'Encoding').locator('option').first()).toHaveText('Windows-1252 (Western) (found)')
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
  await addresses(page).fill(host.put('/exports/wide.csv', Buffer.from('\ufeffid,name\n1,Jürgen\n', 'utf16le')))
  await check(page).click()
  await expect(page.getByText('Read as Comma · header · UTF-16 LE')).toBeVisible({ timeout: LOOK_MS })
})

test('what is found in files fits on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await openHttps(page, host.put('/a/very/long/way/to/a-file-of-a-name-that-nobody-would-want-to-read.xlsx', workbook({ 'A worksheet of a name that is as long as Excel lets it be': [['id'], [1]], Orders: [['id'], [2]] })))
  await check(page).click()
  await expect(firstRows(page)).toBeVisible({ timeout: LOOK_MS })
  await page.getByRole('button', { name: 'Choose a worksheet' }).click()
  await expect(page.getByRole('menuitemradio', { name: 'Orders' })).toBeInViewport()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await checkAccessibility(page)
})
