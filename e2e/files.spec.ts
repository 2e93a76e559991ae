import { CreateBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test, type Page } from '@playwright/test'
import { putObjects, type NewObject } from '../test/servers/ceph/put-objects'
import { hasNoRadosgw, startRadosgw, type RadosGateway } from '../test/servers/radosgw'
import { checkAccessibility } from './setup/check-accessibility'
import { ask, check, checks, choose, field, firstRows, IMPORT_MS, LOOK_MS, overflow, pattern, typeOf } from './setup/files-form'
import { look } from './setup/look'
import { ownDatabase, type OwnDatabase } from './setup/own-database'

test.describe.configure({ mode: 'serial' })
test.skip(hasNoRadosgw, 'there is no Ceph on this machine')

const BUCKET = 'shop-exports'
const PREFIX = 'e2efiles'

let gateway: RadosGateway
let client: S3Client
let installation: OwnDatabase
/** The address of the source, once it is linked. */
let source: string

test.beforeAll(async () => {
  gateway = await startRadosgw()
  client = new S3Client({ endpoint: gateway.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: gateway.accessKey, secretAccessKey: gateway.secretKey } })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await put([
    { key: 'orders/2026/a.csv', body: 'id;total;code;placed_on\n1;1.5;007;2026-01-01\n2;;008;2026-01-02\n' },
    { key: 'orders/2026/b.csv', body: 'id;total;code;placed_on\n3;2.5;009;2026-01-03\n' },
    { key: 'orders/2025/c.csv', body: 'id;total;code;placed_on\n4;4;010;2025-12-31\n' },
    { key: 'events/a.jsonl', body: '{"kind": "seen", "at": "2026-01-01T10:00:00Z"}\n{"kind": "bought", "at": "2026-01-01T11:00:00Z"}\n' },
  ])
  installation = await ownDatabase()
})

test.afterAll(async () => {
  await installation?.unlink(PREFIX)
  await installation?.drop()
  client?.destroy()
  await gateway?.stop()
})

const put = (objects: NewObject[]) => putObjects(client, BUCKET, objects)

async function open(page: Page, secret = gateway.secretKey): Promise<void> {
  await page.goto('/sources/new/s3')
  await page.getByLabel('Access key', { exact: true }).fill(gateway.accessKey)
  await page.getByLabel('Secret', { exact: true }).fill(secret)
  await page.getByLabel('Address', { exact: true }).fill(gateway.endpoint)
  await page.getByLabel('Table prefix').fill(PREFIX)
}

test('the form says beside its fields how to prepare a bucket, and what is missing at each field', async ({ page }) => {
  await page.goto('/sources/new/s3')
  await expect(page.getByRole('complementary', { name: 'How to prepare Amazon S3' })).toContainText('s3:ListBucket')
  await check(page).click()
  await expect(page.getByText('Enter where the files are')).toBeVisible()
  await expect(page.getByText('Enter a name for the table')).toBeVisible()
  await expect(page.getByLabel('Access key', { exact: true })).toBeFocused()
  await checkAccessibility(page)
})

test('each trouble is told apart, with what to do, and nothing can be linked', async ({ page }) => {
  await open(page, 'not-the-secret')
  await page.getByLabel('Table name').fill('orders')
  await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv`)
  await page.keyboard.press('Enter')
  await expect(checks(page)).toContainText('The secret does not belong to the access key')
  await page.getByLabel('Secret', { exact: true }).fill(gateway.secretKey)
  await pattern(page).fill('s3://no-such-bucket/*.csv')
  await page.keyboard.press('Enter')
  await expect(checks(page)).toContainText('There is no bucket named no-such-bucket')
  await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv.gz`)
  await page.keyboard.press('Enter')
  await expect(checks(page).locator('[data-status=failed]')).toContainText(/csv/)
  await pattern(page).fill('https://account.blob.core.windows.net/files/*.csv')
  await page.keyboard.press('Enter')
  await expect(pattern(page)).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText(/another store/)).toBeVisible()
  await expect(check(page)).toBeVisible()
})

test('files are looked at, read otherwise where that is wanted, and linked; the table can be queried', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  await open(page)
  await pattern(page).fill(`s3://${BUCKET}/orders/**/*.csv`)
  await expect(page.getByLabel('Table name')).toHaveValue('orders')
  await expect(page.getByLabel('Format')).toHaveText(/CSV/)
  await page.keyboard.press('Enter')
  await expect(page.getByText('3 files match')).toBeVisible({ timeout: LOOK_MS })
  await expect(page.getByText(/Read as Semicolon · header · UTF-8/)).toBeVisible()
  await expect(typeOf(page, 'code')).toHaveValue('')
  await checkAccessibility(page)

  // a type that a value does not fit is refused by the files, and taken back in the head of its column
  await typeOf(page, 'code').selectOption('DATE')
  await expect(page.getByRole('alert').filter({ hasText: /code/ })).toBeVisible({ timeout: LOOK_MS })
  await expect(check(page)).toBeVisible()
  await typeOf(page, 'code').selectOption('')
  await expect(firstRows(page).getByText('010', { exact: true })).toBeVisible({ timeout: LOOK_MS })
  await typeOf(page, 'total').selectOption('DECIMAL(18,2)')

  await page.getByRole('button', { name: 'Link source' }).click({ timeout: LOOK_MS })
  await expect(page).toHaveURL(/\?source=/, { timeout: LOOK_MS })
  source = `/sources/${new URL(page.url()).searchParams.get('source')}`
  await expect(page.locator('[data-table="orders"]')).toHaveAttribute('data-state', 'ready', { timeout: IMPORT_MS })
  await ask(page, `select string_agg(code, ' ' order by code) as codes, count(distinct _file) as files from ${PREFIX}_s3_orders`)
  await expect(page.getByText('007 008 009 010')).toBeVisible({ timeout: 20_000 })
})

test('a sync reads new and changed files, drops the rows of deleted ones, and its run says which', async ({ page }) => {
  test.setTimeout(2 * IMPORT_MS)
  await put([{ key: 'orders/2026/b.csv', body: 'id;total;code;placed_on\n3;9.5;909;2026-01-03\n' }, { key: 'orders/2026/d.csv', body: 'id;total;code;placed_on\n5;5;050;2026-02-01\n' }])
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'orders/2025/c.csv' }))
  await page.goto(source)
  await expect(page.locator('[data-schema="orders"]')).toContainText('New and changed files')
  await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const newest = page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'By hand' }).first()
  await expect(newest).toContainText('Completed', { timeout: IMPORT_MS })
  await newest.getByRole('link').click()
  const figure = (name: string) => page.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd')
  await expect(figure('Unchanged')).toHaveText('1')
  await expect(figure('New, read')).toHaveText('1')
  await expect(figure('Changed, read again')).toHaveText('1')
  await expect(figure('Gone, rows removed')).toHaveText('1')
  await checkAccessibility(page)
  await ask(page, `select string_agg(code, ' ' order by code) as codes from ${PREFIX}_s3_orders`)
  await expect(page.getByText('007 008 050 909')).toBeVisible({ timeout: 20_000 })
})

test('a table is added to the source, its columns are refreshed, and it is removed with its data', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  await page.goto(source)
  await page.getByRole('button', { name: 'Add table' }).click()
  const dialog = page.getByRole('dialog')
  await pattern(page).fill(`s3://${BUCKET}/events/*.jsonl`)
  await expect(dialog.getByLabel('Format')).toHaveText(/JSON/)
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('1 file matches')).toBeVisible({ timeout: LOOK_MS })
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Add table' }).click()
  await expect(page.getByText('The table events was added')).toBeVisible({ timeout: LOOK_MS })
  const row = page.locator('[data-schema="events"]')
  await expect(row).toContainText('Up to date', { timeout: IMPORT_MS })

  await put([{ key: 'events/a.jsonl', body: '{"kind": "seen", "at": "2026-01-01T10:00:00Z", "page": "/"}\n' }])
  await page.getByRole('button', { name: 'Menu of events' }).click()
  await page.getByRole('menuitem', { name: 'Refresh columns' }).click()
  await expect(page.getByText('events: 1 new column (page)')).toBeVisible({ timeout: LOOK_MS })

  await page.getByRole('button', { name: 'Menu of events' }).click()
  await page.getByRole('menuitem', { name: 'Remove table…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove table' }).click()
  await expect(row).toHaveCount(0)
})

test('a broken file fails the sync in words where the table is, until the settings set it aside; then the run names it', async ({ page }) => {
  test.setTimeout(4 * IMPORT_MS)
  await put([{ key: 'orders/2026/e.csv', body: 'id;total;code;placed_on\n6;6\n"7;7;070;2026-02-02\n' }])
  await page.goto(source)
  const row = page.locator('[data-schema="orders"]')
  await page.getByRole('button', { name: 'Menu of orders' }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await expect(row).toContainText('e.csv', { timeout: IMPORT_MS })
  await expect(row.getByRole('button', { name: 'Retry' })).toBeVisible()

  await page.getByRole('button', { name: 'Menu of orders' }).click()
  await page.getByRole('menuitem', { name: 'Settings…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(typeOf(page, 'total')).toHaveValue('DECIMAL(18,2)', { timeout: LOOK_MS })
  await dialog.getByText('Options', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'Brake' }).scrollIntoViewIfNeeded()
  await look(page, 'files-brake')
  await dialog.getByLabel('Broken files').click()
  await page.getByRole('option', { name: 'Set the file aside' }).click()
  await dialog.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByText('Settings of orders saved')).toBeVisible()
  await expect(row).toContainText('Up to date', { timeout: IMPORT_MS })
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'Completed' }).first().getByRole('link').click()
  await expect(page.getByRole('group', { name: 'Files set aside' })).toContainText('orders/2026/e.csv')
  await checkAccessibility(page)
})

test('a bucket of Google is read with an HMAC key; a secret of another key is refused', async ({ page }) => {
  await page.goto('/sources/new/gcs')
  await choose(page, 'Sign in with', 'HMAC key')
  await field(page, 'Access key').fill(gateway.accessKey)
  await field(page, 'Secret').fill('not-the-secret')
  await field(page, 'Address of the API').fill(gateway.endpoint)
  await pattern(page).fill(`gs://${BUCKET}/orders/2026/a.csv`)
  await page.keyboard.press('Enter')
  await expect(checks(page)).toContainText('The secret does not belong to the access key', { timeout: LOOK_MS })
  await expect(field(page, 'Secret')).toHaveAttribute('aria-invalid', 'true')
  await field(page, 'Secret').fill(gateway.secretKey)
  await page.keyboard.press('Enter')
  await expect(firstRows(page).getByText('007', { exact: true })).toBeVisible({ timeout: LOOK_MS })
})

test('all of it fits on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await open(page)
  await page.getByLabel('Table prefix').fill(`${PREFIX}_phone`)
  await pattern(page).fill(`s3://${BUCKET}/orders/2026/a.csv`)
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 file matches')).toBeVisible({ timeout: LOOK_MS })
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect(page.getByLabel('Delimiter')).toBeInViewport()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await checkAccessibility(page)
})
