import { BlobServiceClient, ContainerSASPermissions, generateBlobSASQueryParameters, StorageSharedKeyCredential } from '@azure/storage-blob'
import { expect, test, type Page } from '@playwright/test'
import { startAzurite, type Azurite } from '../test/servers/azurite'
import { FilesHost } from '../test/servers/files-host'
import { startGcs, type GcsServer, type ServiceAccountKey } from '../test/servers/gcs/gcs-server'
import { SheetsServer } from '../test/servers/sheets'
import { checkAccessibility } from './setup/check-accessibility'
import { ask, check, checks, choose, field, firstRows, IMPORT_MS, LOOK_MS, overflow, pattern } from './setup/files-form'
import { forgetHosts, nameHosts } from './setup/name-hosts'
import { ownDatabase, type OwnDatabase } from './setup/own-database'

const PREFIX = 'e2estores'
const HOUR = 3_600_000
const rows = (from: number, to: number) => `id,city\n${Array.from({ length: to - from + 1 }, (_, at) => `${from + at},City ${from + at}\n`).join('')}`

let azurite: Azurite
let gcs: GcsServer
let reader: ServiceAccountKey
let host: FilesHost
let sheets: SheetsServer
let installation: OwnDatabase

test.beforeAll(async () => {
  [azurite, gcs, host, sheets, installation] = await Promise.all([startAzurite(), startGcs(), new FilesHost().listen(), new SheetsServer().listen(), ownDatabase()])
  const container = new BlobServiceClient(azurite.endpoint, azureKey()).getContainerClient('shop')
  await container.create()
  for (const [name, body] of [['cities/2025.csv', rows(1, 3)], ['cities/2026.csv', rows(4, 5)]] as const) await container.getBlockBlobClient(name).upload(body, body.length)
  gcs.createBucket('shop')
  reader = gcs.createKey('reader')
  gcs.grant('shop', reader.client_email, { list: true, read: true })
  gcs.putObject('shop', 'cities/2025.csv', rows(1, 3))
  gcs.putObject('shop', 'cities/2026.csv', rows(4, 5))
})

test.afterAll(async () => {
  forgetHosts()
  await installation?.unlink(PREFIX)
  await Promise.all([installation?.drop(), azurite?.stop(), gcs?.close(), host?.close(), sheets?.close()])
})

const azureKey = () => new StorageSharedKeyCredential(azurite.account, azurite.key)
const refused = (page: Page) => checks(page).locator('[data-status=failed]')
const linkIt = (page: Page) => page.getByRole('button', { name: 'Link source', exact: true })

function signature(rights: string): string {
  return generateBlobSASQueryParameters({ containerName: 'shop', permissions: ContainerSASPermissions.parse(rights), startsOn: new Date(Date.now() - HOUR), expiresOn: new Date(Date.now() + HOUR) }, azureKey()).toString()
}

/** Links what is on the form, and waits for the rows of its table. */
async function linkAndAsk(page: Page, prefix: string, table: string, sql: string, words: string): Promise<void> {
  await field(page, 'Table prefix').fill(prefix)
  await linkIt(page).click({ timeout: LOOK_MS })
  await expect(page).toHaveURL(/\?source=/, { timeout: LOOK_MS })
  await expect(page.locator(`[data-table="${table}"]`)).toHaveAttribute('data-state', 'ready', { timeout: IMPORT_MS })
  await ask(page, sql)
  await expect(page.getByText(words, { exact: true })).toBeVisible({ timeout: 20_000 })
}

async function openAzure(page: Page): Promise<void> {
  await page.goto('/sources/new/azure-blob')
  await field(page, 'Storage account').fill(azurite.account)
  await field(page, 'Address').fill(azurite.endpoint)
  await pattern(page).fill('az://shop/cities/*.csv')
}

test('a container of Azure is linked with an account key; a key of another account is refused in words', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  await openAzure(page)
  await choose(page, 'Sign in with', 'Account key')
  await check(page).click()
  await expect(page.getByText('Enter the account key')).toBeVisible()
  await field(page, 'Account key').fill(Buffer.alloc(64, 'x').toString('base64'))
  await page.keyboard.press('Enter')
  await expect(refused(page)).toContainText('Azure does not accept the account key')
  await expect(field(page, 'Account key')).toHaveAttribute('aria-invalid', 'true')
  await checkAccessibility(page)
  await field(page, 'Account key').fill(azurite.key)
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 files match')).toBeVisible({ timeout: LOOK_MS })
  await checkAccessibility(page)
  await linkAndAsk(page, `${PREFIX}_key`, 'cities', `select count(*) || ' cities of ' || count(distinct _file) || ' files' as n from ${PREFIX}_key_azure_blob_cities`, '5 cities of 2 files')
})

test('a container of Azure is looked at with a signature that may only read it; what one may not is said', async ({ page }) => {
  await openAzure(page)
  await field(page, 'Shared access signature').fill(signature('r'))
  await page.keyboard.press('Enter')
  await expect(refused(page)).toContainText('The signature may not list the files of shop', { timeout: LOOK_MS })
  await field(page, 'Shared access signature').fill(`${azurite.endpoint}/shop?${signature('rl')}`)
  await page.keyboard.press('Enter')
  await expect(firstRows(page).getByText('City 1', { exact: true })).toBeVisible({ timeout: LOOK_MS })
  await pattern(page).fill('az://nowhere/cities/*.csv')
  await page.keyboard.press('Enter')
  await expect(refused(page)).toBeVisible({ timeout: LOOK_MS })
})

test('a bucket of Google is linked with the key file of a service account; what is no key file is refused at its field', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  const keyFile = field(page, 'Key file of the service account')
  await page.goto('/sources/new/gcs')
  await field(page, 'Address of the API').fill(gcs.url)
  await pattern(page).fill('gs://shop/cities/*.csv')
  await check(page).click()
  await expect(page.getByText('Enter the key file of the service account')).toBeVisible()
  for (const [given, words] of [
    [JSON.stringify(reader).slice(0, -1), 'This is no JSON: paste the whole key file, from { to }'],
    [JSON.stringify({ type: 'authorized_user', client_id: 'x' }), 'The key file of a service account says "type": "service_account"; this one says "authorized_user"'],
    [JSON.stringify({ ...reader, private_key: reader.private_key.slice(0, 200) }), 'The private key in the file cannot be read: paste the file as it was downloaded'],
  ] as const) {
    await keyFile.fill(given)
    await check(page).click()
    await expect(page.getByText(words)).toBeVisible()
    await expect(keyFile).toBeFocused()
  }
  await checkAccessibility(page)
  const stranger = gcs.createKey('stranger')
  await keyFile.fill(JSON.stringify(stranger))
  await check(page).click()
  await expect(refused(page)).toContainText(`${stranger.client_email} may not list the bucket shop`)
  gcs.deleteKey(stranger)
  await keyFile.fill(JSON.stringify(reader))
  await check(page).click()
  await expect(page.getByText('2 files match')).toBeVisible({ timeout: LOOK_MS })
  await linkAndAsk(page, `${PREFIX}_gcs`, 'cities', `select string_agg(city, ' ' order by id) as cities from ${PREFIX}_gcs_gcs_cities`, 'City 1 City 2 City 3 City 4 City 5')
})

test('several public addresses are one table; a wildcard and a page are refused in words', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  const one = host.put('/exports/cities-2025.csv', rows(1, 3))
  const two = host.put('/exports/cities-2026.csv', rows(4, 5), { etag: 'none', hasLength: false, hasRanges: false })
  const addresses = field(page, 'Addresses of the files')
  await page.goto('/sources/new/https')
  await addresses.fill(`${host.url}/exports/*.csv`)
  await check(page).click()
  await expect(page.getByText(/Public files have no wildcards/)).toBeVisible()
  await expect(addresses).toBeFocused()
  await checkAccessibility(page)
  await addresses.fill(`${host.url}/exports/cities-2024.csv`)
  await check(page).click()
  await expect(refused(page)).toContainText('cities-2024.csv')
  await addresses.fill(`${one}\n${two}`)
  await expect(field(page, 'Table name')).toHaveValue('cities_2025')
  await check(page).click()
  await expect(page.getByText('2 files match')).toBeVisible({ timeout: LOOK_MS })
  await expect(page.getByText('size not told')).toBeVisible()
  await field(page, 'Table name').fill('cities')
  await linkAndAsk(page, `${PREFIX}_web`, 'cities', `select string_agg(city, ' ' order by id) as cities from ${PREFIX}_web_https_cities`, 'City 1 City 2 City 3 City 4 City 5')
})

test('a spreadsheet of Google is linked by what its Share dialog gives; one that is not shared says how', async ({ page }) => {
  test.setTimeout(3 * IMPORT_MS)
  const id = sheets.create('Shop')
  sheets.put(id, 0, 'Orders', 'id,city\n1,Köln\n2,Paris\n')
  sheets.put(id, 7, 'Refunds 2026', 'id\n1\n')
  sheets.contentUrl = 'https://doc-here.googleusercontent.com'
  nameHosts({ 'docs.google.com': sheets.port, 'doc-here.googleusercontent.com': sheets.contentPort })
  const link = field(page, 'Link of the spreadsheet')
  const next = page.getByRole('button', { name: 'Next', exact: true })
  await page.goto('/sources/new/google-sheets')
  await link.fill('https://example.com/sheet')
  await next.click()
  await expect(page.getByText(/This is no link to a Google spreadsheet/)).toBeVisible()
  await link.fill(`https://docs.google.com/spreadsheets/d/${id}/edit?usp=sharing`)
  await field(page, 'Table prefix').fill(`${PREFIX}_sheets`)
  await next.click()
  await expect(refused(page)).toContainText(/shared/i, { timeout: LOOK_MS })
  await checkAccessibility(page)
  sheets.share(id, 'anyone')
  await next.click()
  await expect(page.getByRole('heading', { name: 'Choose tables' })).toBeFocused({ timeout: LOOK_MS })
  await expect(page.locator('[data-table="Refunds 2026"]')).toBeVisible()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Import 2 tables' }).click()
  await expect(page.locator('[data-table="Orders"]')).toHaveAttribute('data-state', 'ready', { timeout: IMPORT_MS })
  await ask(page, `select string_agg(city, ' ' order by id) as cities from ${PREFIX}_sheets_google_sheets_orders`)
  await expect(page.getByText('Köln Paris', { exact: true })).toBeVisible({ timeout: 20_000 })
})

test('the form of each store fits on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const store of ['azure-blob', 'gcs', 'r2', 'https', 'google-sheets']) {
    await page.goto(`/sources/new/${store}`)
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await checkAccessibility(page)
  }
})
