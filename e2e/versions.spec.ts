import { execFileSync } from 'node:child_process'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { overflow } from './setup/files-form'
import { checkAccessibility } from './setup/check-accessibility'
import { look } from './setup/look'
import { ownDatabase, type OwnDatabase } from './setup/own-database'

const SYNC_MS = 60_000
const NAME = 'Order books'

test.describe.configure({ mode: 'serial' })

let database: OwnDatabase
let shop: string

function tributary(...args: string[]): string {
  return execFileSync('node', ['cli/tributary.mjs', ...args], { env: { ...process.env, TRIBUTARY_DATA: process.env.E2E_DATA }, encoding: 'utf8' })
}

test.beforeAll(async () => {
  test.setTimeout(SYNC_MS * 3)
  database = await ownDatabase()
  const { host, port, user, password } = database
  await database.run(`
    create table orders (id int primary key, customer text, amount numeric(10,2), note text, updated_at timestamptz not null);
    insert into orders select n, 'customer ' || n, n * 10, case when n % 3 = 0 then 'gift' end, timestamptz '2026-01-01' + n * interval '1 hour' from generate_series(1, 40) n;
    grant usage on schema public to ${user}; grant select on orders to ${user}`)
  const config = JSON.stringify({ host, port, database: database.database, user, password, schema: 'public', sslmode: 'disable' })
  execFileSync('node', ['cli/tributary.mjs', 'link', 'postgres', '--config', '-', '--name', NAME, '--prefix', 'undo', '--schemas', 'orders', '--method', 'orders=incremental:updated_at'], { input: config, env: { ...process.env, TRIBUTARY_DATA: process.env.E2E_DATA } })
  tributary('sync', NAME)
  await database.run(`update orders set amount = 999, note = null, updated_at = '2026-02-01' where id in (3, 4); insert into orders values (41, 'Grace', 5, '', '2026-02-02')`)
  tributary('sync', NAME)
  shop = (JSON.parse(tributary('status', NAME, '--json')) as { sourceId: string }[])[0]?.sourceId ?? ''
})
test.afterAll(async () => {
  await database.unlink('undo')
  await database.drop()
})

const version = (page: Page, number: number): Locator => page.locator(`[data-version="${number}"]`)

async function openVersions(page: Page): Promise<void> {
  await page.goto(`/sources/${shop}`)
  await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  await expect(page.getByRole('table', { name: 'Versions', exact: true })).toBeVisible()
}

async function fromMenu(page: Page, number: number, item: string): Promise<void> {
  await page.getByRole('button', { name: `Menu of version ${number}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('the menu of a table leads to its versions: what made them, and what each one changed', async ({ page }) => {
  await openVersions(page)
  await expect(version(page, 2)).toContainText('Current')
  await expect(version(page, 2)).toContainText('41')
  await expect(version(page, 1)).toContainText('40')
  await checkAccessibility(page)
  await look(page, 'versions')
  await fromMenu(page, 2, 'What changed')
  await expect(page.getByRole('group', { name: 'Kinds of changes' })).toContainText('Updated 2')
  const rows = page.getByRole('table', { name: 'Changed rows' }).locator('[data-change]')
  await expect(rows).toHaveCount(3)
  await expect(rows.filter({ hasText: 'customer 3' }).locator('ins').first()).toContainText('999.00')
  await expect(rows.filter({ hasText: 'customer 3' }).locator('del').first()).toContainText('30.00')
  await expect(rows.filter({ hasText: 'Grace' })).toContainText('Inserted')
  await checkAccessibility(page)
  await look(page, 'changes')
  await page.getByRole('button', { name: /^Inserted/ }).click()
  await expect(rows).toHaveCount(1)
  await page.getByRole('button', { name: 'Swap the versions' }).click()
  await expect(rows.filter({ hasText: 'Grace' })).toContainText('Deleted')
})

test('how long versions are kept is said, and changed', async ({ page }) => {
  await openVersions(page)
  await expect(page.getByText('The last 20 versions are kept, for 7 days, as usual.')).toBeVisible()
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('spinbutton', { name: 'Versions' }).fill('5')
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The last 5 versions are kept, for 7 days.')).toBeVisible()
})

test('the workspace says how long versions are kept where their table does not', async ({ page }) => {
  await page.goto('/settings')
  await page.getByRole('spinbutton', { name: 'Days' }).fill('30')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Versions are kept as you said')).toBeVisible()
  await checkAccessibility(page)
  await look(page, 'settings-versions')
  await openVersions(page)
  await expect(page.getByText('The last 5 versions are kept, for 30 days.')).toBeVisible()
  await page.goto('/settings')
  await page.getByRole('spinbutton', { name: 'Days' }).fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Versions are kept as you said')).toBeVisible()
})

test('an older version is queried, and the result says what was read', async ({ page }) => {
  await openVersions(page)
  await fromMenu(page, 1, 'Query it')
  await expect(page.getByText('Read: undo_postgres_orders as of version 1')).toBeVisible()
  await expect(page.getByText('40 rows')).toBeVisible()
  await expect(page.getByText('undo_postgres_orders as of version 1', { exact: true })).toBeVisible()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Read as they are now' }).click()
  await page.getByRole('button', { name: /^Run/ }).click()
  await expect(page.getByText('41 rows')).toBeVisible()
  await page.getByRole('button', { name: 'As of' }).click()
  await page.getByRole('button', { name: '7 days ago' }).click()
  await page.getByRole('button', { name: /^Run/ }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The oldest version that is kept is 1' })).toBeVisible()
  // a version of a table that the query names, with when it was made and what it changed
  await page.getByRole('button', { name: 'As of' }).click()
  const versions = page.getByRole('combobox', { name: 'undo_postgres_orders' })
  await expect(versions.locator('option').nth(1)).toHaveText(/^Version 2, current · .+ · Sync: 1 new, 2 changed$/)
  await page.getByLabel('Read every table as of').fill('')
  await versions.selectOption('1')
  await checkAccessibility(page)
  await look(page, 'as-of')
  await page.getByRole('button', { name: 'Read as of then' }).click()
  await expect(page.getByText('Read: undo_postgres_orders as of version 1')).toBeVisible()
  await page.getByRole('button', { name: /^Run/ }).click()
  await expect(page.getByText('40 rows')).toBeVisible()
  await checkAccessibility(page)
})

test('a table is rolled back after a word about what that means, and its next sync brings the changes again', async ({ page }) => {
  await openVersions(page)
  await fromMenu(page, 1, 'Roll back to it')
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('41 rows')
  await expect(dialog).toContainText('40 rows')
  await expect(dialog).toContainText('The next sync goes on from where that version had come')
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Roll back to version 1' }).click()
  await expect(dialog).toBeHidden()
  await expect(version(page, 3)).toContainText('Rolled back to version 1, Ada')
  await expect(version(page, 3)).toContainText('Current')

  await page.goto(`/sources/${shop}`)
  await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await page.getByRole('button', { name: 'Menu of orders', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  await expect(version(page, 4)).toContainText('41', { timeout: SYNC_MS })
})

test('a column that came, and one that went, are told on the row of the table, in the list of runs and beside the column', async ({ page }) => {
  await database.run('alter table orders rename column note to remark')
  tributary('sync', NAME)
  const words = 'remark is new, note is gone'
  await page.goto(`/sources/${shop}`)
  await look(page, 'column-news')
  await page.getByRole('button', { name: words }).filter({ visible: true }).click()
  const columns = page.getByRole('dialog').getByRole('list')
  await expect(columns.getByRole('listitem').filter({ hasText: 'remark' })).toContainText('New since version 5')
  await expect(columns.getByRole('listitem').filter({ hasText: 'note' })).toContainText('Gone since version 5')
  await checkAccessibility(page)
  await look(page, 'columns-report')
  await page.goto(`/sources/${shop}/runs`)
  await expect(page.getByRole('table', { name: 'Runs' }).getByText(words)).toBeVisible()
  await checkAccessibility(page)
  await look(page, 'runs')
  await openVersions(page)
  await expect(version(page, 5)).toContainText(words)
})

test('at 360 pixels nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await openVersions(page)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await fromMenu(page, 2, 'What changed')
  await expect(page.getByRole('table', { name: 'Changed rows' })).toBeVisible()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await checkAccessibility(page)
})
