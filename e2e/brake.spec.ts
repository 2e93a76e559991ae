import { execFileSync } from 'node:child_process'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'
import { ownDatabase, type OwnDatabase } from './setup/own-database'
import { takenOver } from './setup/taken-over'

test.describe.configure({ mode: 'serial' })

const SYNC_MS = 60_000
let database: OwnDatabase

test.beforeAll(async () => {
  database = await ownDatabase()
  await database.run(`
    create table orders (id int primary key, customer text, amount numeric(10,2));
    insert into orders select g, 'customer ' || g % 40, g * 1.25 from generate_series(1, 2000) g;
    create table customers (id int primary key, email text);
    insert into customers select g, 'c' || g || '@example.com' from generate_series(1, 1500) g;
    grant usage on schema public to ${database.user}; grant select on orders, customers to ${database.user}`)
  const { host, port, user, password } = database
  tributary(['link', 'postgres', '--config', '-', '--name', 'Wholesale', '--prefix', 'wholesale'], JSON.stringify({ host, port, database: database.database, user, password, schema: 'public', sslmode: 'disable' }))
  tributary(['sync', 'Wholesale'])
})
test.afterAll(async () => {
  await database.unlink('wholesale')
  await database.drop()
})

function tributary(args: string[], input?: string): void {
  execFileSync('node', ['cli/tributary.mjs', ...args], { input, env: { ...process.env, TRIBUTARY_DATA: process.env.E2E_DATA } })
}

const source = (page: Page): Locator => page.locator('[data-source="Wholesale"]')
const row = (page: Page, name: string): Locator => page.locator(`[data-schema="${name}"]`)

async function open(page: Page): Promise<void> {
  await page.goto('/sources')
  const toggle = await takenOver(source(page).locator('[data-source-toggle]'))
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
  await expect(row(page, 'orders')).toBeVisible()
}

async function choose(page: Page, schema: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Menu of ${schema}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('tables that would lose too much wait, with the difference; one is published, the other discarded', async ({ page }) => {
  test.setTimeout(SYNC_MS * 3)
  await database.run('delete from orders where id > 1000; truncate customers')
  await open(page)
  await page.getByRole('button', { name: 'Menu of Wholesale' }).click()
  await page.getByRole('menuitem', { name: 'Reload' }).click()
  const [orders, customers] = [row(page, 'orders'), row(page, 'customers')]
  await expect(orders.getByText('It would lose 1,000 of 2,000 rows (50 %).').filter({ visible: true })).toBeVisible({ timeout: SYNC_MS })
  await expect(customers.getByText('It would lose all 1,500 rows.').filter({ visible: true })).toBeVisible({ timeout: SYNC_MS })
  await expect(source(page).getByText('2 tables waiting for you').filter({ visible: true })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Tables that wait for you' })).toContainText('1 would be empty')
  await checkAccessibility(page)

  await orders.getByRole('button', { name: 'Show difference' }).filter({ visible: true }).click()
  const dialog = page.getByRole('dialog', { name: /What waits for/ })
  await expect(dialog.getByRole('table').getByRole('row')).toHaveCount(11)
  await expect(dialog.getByRole('table')).toContainText('Gone')
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(dialog).toBeHidden()
  await expect(orders.getByText(/^(Up to date|Verified)$/).filter({ visible: true })).toBeVisible()
  await expect(orders.getByText('1,000', { exact: true }).filter({ visible: true })).toBeVisible()

  await customers.getByRole('button', { name: 'Discard' }).filter({ visible: true }).click()
  await expect(customers.getByText(/^(Up to date|Verified)$/).filter({ visible: true })).toBeVisible()
  await expect(customers.getByText('1,500', { exact: true }).filter({ visible: true })).toBeVisible()
})

test('a run shows what it brought and what became of it', async ({ page }) => {
  await open(page)
  await choose(page, 'customers', 'Runs')
  const runs = page.getByRole('table', { name: 'Runs' })
  await expect(runs.getByText('Discarded')).toBeVisible()
  await runs.getByRole('row').filter({ hasText: 'Discarded' }).getByRole('link').click()
  await expect(page.getByRole('region', { name: 'Waiting for a decision' })).toContainText('It would lose all 1,500 rows. It waited for a decision, and was discarded.')
  await checkAccessibility(page)
})

test('a full resync is published whatever it changes where that is said; the brake is taken off in the settings', async ({ page }) => {
  test.setTimeout(SYNC_MS * 3)
  await open(page)
  await choose(page, 'customers', 'Full resync')
  const resync = page.getByRole('dialog', { name: 'Full resync of customers' })
  await resync.getByRole('checkbox', { name: /Publish it whatever it changes/ }).click()
  await checkAccessibility(page)
  await resync.getByRole('button', { name: 'Read every row again' }).click()
  await expect(row(page, 'customers').getByText('0', { exact: true }).filter({ visible: true })).toBeVisible({ timeout: SYNC_MS })

  await choose(page, 'orders', 'Settings')
  const settings = page.getByRole('dialog', { name: 'Settings of orders' })
  await settings.getByRole('combobox', { name: 'Brake' }).click()
  await page.getByRole('option', { name: 'Off: publish always' }).click()
  await checkAccessibility(page)
  await settings.getByRole('button', { name: 'Save settings' }).click()
  await expect(settings).toBeHidden()
  await database.run('truncate orders')
  await choose(page, 'orders', 'Sync now')
  await expect(row(page, 'orders').getByText('0', { exact: true }).filter({ visible: true })).toBeVisible({ timeout: SYNC_MS })
})
