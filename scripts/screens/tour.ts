import { expect, type Page } from '@playwright/test'
import { admin } from '../../e2e/setup/admin'
import type { Camera } from './camera'

export interface Shop {
  host: string
  port: number
  database: string
  user: string
  password: string
}

/** Changes the shop's database as its owner. */
type Change = (sql: string) => Promise<void>

const IMPORT_MS = 120_000

/** The screens of a database as the source, in the order in which a newcomer meets them. */
export async function takeTour(camera: Camera, page: Page, shop: Shop, change: Change): Promise<void> {
  await link(camera, page, shop, change)
  const source = sourcePage(page)
  await look(camera, page, source, change)
  await fail(camera, page, source, shop, change)
  await query(camera, page)
}

/** The first screens: the first administrator, and signing in. */
export async function arrive(camera: Camera, page: Page): Promise<void> {
  await camera.stop('first-run', () => page.goto('/setup'))
  await page.getByLabel('Name').fill(admin.name)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.waitForURL(/\/sources/)
  await page.context().clearCookies()
  await camera.stop('sign-in', () => page.goto('/sign-in'))
  await camera.stop('sign-in-refused', async () => {
    await signIn(page, 'not the password')
    await page.getByText('Sign-in was refused').waitFor()
  })
  await signIn(page, admin.password)
  await page.waitForURL(/\/sources/)
  await camera.stop('sources-empty', async () => {
    await page.goto('/sources')
    await page.getByText('Try it with the sample shop').waitFor()
  })
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function link(camera: Camera, page: Page, shop: Shop, change: Change): Promise<void> {
  await addSlowView(change, shop)
  await camera.stop('new-source-catalogue', async () => {
    await page.goto('/sources/new')
    await page.getByRole('heading', { name: 'Link source' }).first().waitFor()
  })
  await camera.stop('new-source-form', async () => {
    await page.goto('/sources/new/postgres')
    await page.getByLabel('Host').fill(shop.host)
    await page.getByLabel('Port').fill(String(shop.port))
    await page.getByLabel('Database', { exact: true }).fill(shop.database)
    await page.getByLabel('User', { exact: true }).fill(shop.user)
    await page.getByLabel('Schema', { exact: true }).fill('public')
  })
  await camera.stop('new-source-refused', async () => {
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText(/refused/i).filter({ visible: true }).first().waitFor()
  })
  await camera.stop('new-source-tables', async () => {
    await page.getByLabel('Password', { exact: true }).fill(shop.password)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('order_items').first().waitFor()
  })
  await camera.stop('new-source-method', async () => {
    await page.getByRole('button', { name: /^Sync method of orders/ }).first().click()
    await page.getByRole('dialog').waitFor()
  })
  await page.keyboard.press('Escape')
  await camera.stop('new-source-import', async () => {
    const all = page.getByRole('checkbox', { name: /^Tick all/ })
    if (!(await all.isChecked())) await all.click()
    await page.getByRole('button', { name: /^Import \d+ tables/ }).click()
    await page.getByText(/^[1-9] of 6 tables ready/).first().waitFor()
  })
}

/** A view whose rows come slowly: a sync that can be watched. */
async function addSlowView(change: Change, { user }: Shop): Promise<void> {
  await change(`create function take_time(id bigint) returns boolean language plpgsql volatile as $$ begin if id % 20 = 0 then perform pg_sleep(0.012); end if; return true; end $$`)
  await change(`create view order_history as select * from orders where take_time(id); grant select on order_history to "${user}"`)
}

async function speedUp(change: Change): Promise<void> {
  await change(`create or replace function take_time(id bigint) returns boolean language sql as $$ select true $$`)
}

/** The page of the source whose import is being watched. */
function sourcePage(page: Page): string {
  return `/sources/${new URL(page.url()).searchParams.get('source') ?? ''}`
}

async function look(camera: Camera, page: Page, source: string, change: Change): Promise<void> {
  const open = `/sources?open=${source.split('/').at(-1)}`
  await camera.stop('sources-syncing', async () => {
    await page.goto(open)
    await page.getByText(/^Syncing/).filter({ visible: true }).first().waitFor()
  })
  await camera.stop('run-live', async () => {
    await page.goto(`${source}/runs`)
    await page.locator(`a[href*="${source}/runs/"]`).first().click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
  })
  await speedUp(change)
  await page.goto('/sources')
  await page.getByText(/^(Up to date|Verified)$/).first().waitFor({ timeout: IMPORT_MS }).catch(() => {})
  await camera.stop('sources-one', async () => {
    await page.goto('/sources')
    await page.getByRole('button', { name: /^Menu of/ }).first().waitFor()
  })
  await camera.stop('sources-expanded', async () => {
    await page.goto(open)
    await page.getByText('order_items').first().waitFor()
  })
  await camera.stop('source-schemas', async () => {
    await page.goto(source)
    await page.getByText('order_items').first().waitFor()
  })
  await camera.stop('source-runs', async () => {
    await page.goto(`${source}/runs`)
    await page.locator(`a[href*="${source}/runs/"]`).first().waitFor()
  })
  await camera.stop('source-configuration', async () => {
    await page.goto(`${source}/configuration`)
    await page.getByLabel('Host').waitFor()
  })
  await camera.stop('run', async () => {
    await page.goto(`${source}/runs`)
    await page.locator(`a[href*="${source}/runs/"]`).first().click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
    await page.getByText(/Completed|Publish/i).first().waitFor()
  })
}

async function fail(camera: Camera, page: Page, source: string, { user }: Shop, change: Change): Promise<void> {
  await change(`revoke select on products from "${user}"`)
  await camera.stop('sources-failed', async () => {
    await page.goto(`/sources?open=${source.split('/').at(-1)}`)
    await page.getByRole('button', { name: 'Menu of products' }).click()
    await page.getByRole('menuitem', { name: 'Sync now' }).click()
    await page.getByText(/may not read/).filter({ visible: true }).first().waitFor({ timeout: 60_000 })
  })
  await camera.stop('run-failed', async () => {
    await page.goto(`${source}/runs`)
    await page.getByRole('row').filter({ hasText: 'Failed' }).first().getByRole('link').first().click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
    await page.getByText(/may not read/).filter({ visible: true }).first().waitFor()
  })
  await change(`grant select on products to "${user}"`)
}

async function query(camera: Camera, page: Page): Promise<void> {
  await page.goto('/sql')
  const orders = 'postgres_orders'
  const write = async (sql: string) => {
    const editor = page.getByRole('textbox', { name: 'SQL query' })
    await editor.click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(sql)
    await page.getByRole('button', { name: /^Run/ }).click()
  }
  await camera.stop('sql-result', async () => {
    await write(`select status, count(*) as orders, sum(total) as revenue, max(placed_at) as newest\nfrom ${orders}\ngroup by status\norder by revenue desc`)
    await page.getByText('delivered').first().waitFor()
  })
  await camera.stop('sql-rows', async () => {
    await write(`select * from ${orders} order by placed_at desc limit 500`)
    await page.getByText('SO-2026-060000').first().waitFor()
  })
  await camera.stop('sql-error', async () => {
    await write(`select status, sum(totl)\nfrom ${orders}\ngroup by status`)
    await page.getByText(/totl/).nth(1).waitFor()
  })
}

/** The last screens: what can be set. */
export async function settle(camera: Camera, page: Page): Promise<void> {
  await camera.stop('settings', () => page.goto('/settings'))
  await camera.stop('settings-members', () => page.goto('/settings/members'))
  await camera.stop('settings-previews', () => page.goto('/settings/previews'))
  const preview = page.getByRole('switch', { name: 'Data warehouse' })
  await camera.stop('feature-off', async () => {
    await preview.click()
    await expect(preview).not.toBeChecked()
    await page.getByText('The data warehouse is off').waitFor()
    await page.getByRole('link', { name: 'Data warehouse' }).first().waitFor({ state: 'detached' })
    await page.goto('/sources')
    await page.waitForLoadState('networkidle')
  })
  await page.goto('/settings/previews')
  await preview.click().catch(() => {})
  await camera.stop('not-found', () => page.goto('/nowhere'))
}
