import { readFileSync } from 'node:fs'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'

/** The sample shop is linked and synced once; on a machine that does other things too. */
const IMPORT_MS = 180_000

test.describe.configure({ mode: 'serial' })

const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'SQL query' })
const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Query result' })
const cells = (page: Page): Locator => grid(page).getByRole('gridcell')

/** As pasted: typed text would meet the editor's completion and its closing brackets. */
async function write(page: Page, sql: string): Promise<void> {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
}

async function run(page: Page, sql: string): Promise<void> {
  await write(page, sql)
  await page.keyboard.press('ControlOrMeta+Enter')
}

test.beforeAll(async ({ browser }, testInfo) => {
  testInfo.setTimeout(IMPORT_MS * 2)
  const page = await browser.newPage()
  await page.goto('/sources')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const isThere = async (): Promise<boolean> => {
    const response = await page.request.get('/api/sql/tables')
    const tables: { name: string }[] = await response.json()
    return ['customers', 'orders', 'products'].every((name) => tables.some((table) => table.name.endsWith(`shop_postgres_${name}`)))
  }
  if (!(await isThere())) {
    await page.getByRole('button', { name: 'Try it with the sample shop' }).click()
    await expect.poll(isThere, { timeout: IMPORT_MS, intervals: [1_000] }).toBe(true)
  }
  await page.close()
})

test('a query over two tables gives rows, by either name of a table', async ({ page }) => {
  await page.goto('/sql')
  await expect(page.getByRole('tree', { name: 'Tables' }).getByText('customers')).toBeVisible()
  await checkAccessibility(page)
  await run(page, "SELECT count(*) AS orders, NULL AS nothing, '' AS empty\nFROM shop_postgres.orders o JOIN shop_postgres_customers c ON c.id = o.customer_id")
  await expect(cells(page).nth(0)).toHaveText(/^\d+$/)
  await expect(cells(page).nth(1)).toHaveText('NULL')
  await expect(cells(page).nth(2)).toHaveText('“”')
  await expect(page.getByText('1 row', { exact: true })).toBeVisible()
  await checkAccessibility(page)
})

test('a long result says that it is cut, sorts what was fetched, and shows a cell in full', async ({ page }) => {
  await page.goto('/sql')
  await run(page, "SELECT i AS number, {'place': i, 'words': ['a', 'b']} AS struct FROM range(20000) r(i)")
  await expect(page.getByText('First 10,000 rows')).toBeVisible()
  await grid(page).getByRole('columnheader', { name: /number/ }).getByRole('button').click()
  await grid(page).getByRole('columnheader', { name: /number/ }).getByRole('button').click()
  await expect(cells(page).first()).toHaveText('9999')
  await expect(page.getByText('Sorted here, within the first 10,000')).toBeVisible()
  await grid(page).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Cell struct, row 1' })).toContainText('"words": [')
  await checkAccessibility(page)
})

test('an error is underlined at its place and told in words', async ({ page }) => {
  await page.goto('/sql')
  await run(page, 'SELECT id,\n  nosuch\nFROM shop_postgres_orders')
  await expect(page.locator('.cm-line').nth(1).locator('.cm-lintRange-error')).toHaveText('nosuch')
  const alert = page.getByRole('alert').filter({ hasText: 'nosuch' })
  await expect(alert).toContainText('There is no column named nosuch here')
  await expect(alert).toContainText('Line 2, column 3')
  await checkAccessibility(page)
})

test('of several statements the one under the cursor is run', async ({ page }) => {
  await page.goto('/sql')
  await run(page, "SELECT 'first' AS word;\nSELECT 'second' AS word;")
  await expect(cells(page).first()).toHaveText('second')
})

test('Escape ends an endless query at once, also on the server', async ({ page }) => {
  await page.goto('/sql')
  await run(page, 'SELECT count(*) FROM range(1000000000) a, range(1000000000) b')
  await expect(page.getByText('Running the query')).toBeVisible()
  // it has surely begun on the server: one that never arrived there leaves nothing in the history
  await expect(page.getByText(/^[2-9]\.\d s$/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('The query was cancelled')).toBeVisible()
  await page.getByRole('tab', { name: 'History' }).click()
  // the history is written by the server once the query's process has ended
  await expect(async () => {
    const { runs } = await (await page.request.get('/api/sql/queries')).json()
    expect(runs[0]).toMatchObject({ error: 'The query was cancelled' })
    expect(runs[0].durationMs).toBeLessThan(30_000)
  }).toPass({ timeout: 10_000 })
})

test('an export holds every row, also those that are not shown', async ({ page }) => {
  await page.goto('/sql')
  await run(page, "SELECT i AS id, 'a,\"b\"' AS word FROM range(12000) r(i) ORDER BY i")
  await expect(page.getByText('First 10,000 rows')).toBeVisible()
  await page.getByRole('button', { name: 'Export' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^query-.*\.csv$/)
  const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\n')
  expect(lines.length).toBe(12_001)
  expect([lines[0], lines[1], lines.at(-1)]).toEqual(['id,word', '0,"a,""b"""', '11999,"a,""b"""'])
})

test('the editor offers tables and columns', async ({ page }) => {
  await page.goto('/sql')
  await expect(page.getByRole('tree', { name: 'Tables' }).getByText('customers')).toBeVisible()
  await write(page, 'SELECT * FROM ')
  await page.keyboard.type('shop_postgres_ord')
  await expect(page.getByRole('option', { name: /shop_postgres_orders/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await write(page, 'SELECT * FROM shop_postgres_customers c WHERE c.')
  await page.keyboard.type('em')
  await expect(page.getByRole('option', { name: /email/ })).toBeVisible()
})

test('a link to a table shows its rows; a click in the tree writes a name', async ({ page }) => {
  await page.goto('/sql?table=shop_postgres_products')
  await expect(cells(page).first()).toBeVisible()
  await expect(editor(page)).toContainText('FROM shop_postgres_products')
  await write(page, 'SELECT * FROM ')
  await page.getByRole('tree', { name: 'Tables' }).getByText('customers').click()
  await expect(editor(page)).toContainText('FROM shop_postgres_customers')
})

test('a query is saved, opened again by its address, and deleted', async ({ page }) => {
  await page.goto('/sql')
  await write(page, 'SELECT 42 AS answer')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('The answer')
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Save query' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const { saved } = await (await page.request.get('/api/sql/queries')).json()
  await page.goto(`/sql?query=${saved.find((query: { name: string }) => query.name === 'The answer').id}`)
  await expect(editor(page)).toContainText('SELECT 42 AS answer')
  await page.getByRole('tab', { name: 'Saved' }).click()
  await page.getByRole('button', { name: 'Delete The answer' }).click()
  await page.getByRole('button', { name: 'Delete saved query' }).click()
  await expect(page.getByText('A query that you save is listed here')).toBeVisible()
})

test('at 360 pixels the tables come in a sheet, and nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto('/sql')
  await run(page, 'SELECT * FROM shop_postgres_orders LIMIT 5')
  await expect(cells(page).first()).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.getByRole('button', { name: 'Tables and queries' }).click()
  await page.getByRole('dialog').getByText('customers').click()
  await expect(editor(page)).toContainText('shop_postgres_customers')
  await checkAccessibility(page)
})
