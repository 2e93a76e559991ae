import { execFileSync } from 'node:child_process'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'
import { ownDatabase } from './setup/own-database'
import { takenOver } from './setup/taken-over'

/** The first import of the sample shop, on a machine that does other things too. */
const IMPORT_MS = 120_000

test.describe.configure({ mode: 'serial' })

const source = (page: Page, name: string): Locator => page.locator(`[data-source="${name}"]`)
const schema = (page: Page, name: string): Locator => page.locator(`[data-schema="${name}"]`)
const toggleOf = (page: Page, name: string): Promise<Locator> => takenOver(source(page, name).locator('[data-source-toggle]'))

async function open(page: Page, name: string): Promise<void> {
  const toggle = await toggleOf(page, name)
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
  await expect(toggle).toHaveAttribute('aria-expanded', 'true')
}

async function deleteSource(page: Page, name: string): Promise<void> {
  await source(page, name).getByRole('button', { name: `Menu of ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: /^Delete source/ }).click()
  await expect(source(page, name)).toHaveCount(0)
}

/** On an installation without sources the page says what to do first. */
async function deleteEverySource(page: Page): Promise<void> {
  await page.goto('/sources')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  for (const name of await page.locator('[data-source]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-source') ?? ''))) await deleteSource(page, name)
}

test('one click links the sample shop, and its tables arrive without a reload', async ({ page }) => {
  test.setTimeout(IMPORT_MS * 2)
  await deleteEverySource(page)
  await expect(page.getByRole('heading', { name: /Link a source/ })).toBeVisible()
  await checkAccessibility(page)

  await page.getByRole('button', { name: 'Try it with the sample shop' }).click()
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/, { timeout: 60_000 })
  const orders = schema(page, 'orders')
  await expect(orders.getByRole('link', { name: /orders/ }).last()).toHaveAttribute('href', /\/sql\?table=/, { timeout: IMPORT_MS })
  await expect(page.getByRole('table').getByText(/^(Up to date|Verified)$/).filter({ visible: true })).toHaveCount(await page.locator('[data-schema]').count(), { timeout: IMPORT_MS })
  await checkAccessibility(page)
})

test('a row opens by keyboard, and a link shows what its sender saw', async ({ page }) => {
  await page.goto('/sources')
  await (await toggleOf(page, 'Sample shop')).focus()
  await page.keyboard.press('ArrowRight')
  await expect(schema(page, 'orders')).toBeVisible()
  await expect(page).toHaveURL(/open=[0-9a-f-]{36}/)
  await page.reload()
  await expect(schema(page, 'orders')).toBeVisible()
  await checkAccessibility(page)
  await (await toggleOf(page, 'Sample shop')).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(schema(page, 'orders')).toHaveCount(0)
})

test('a schema is switched off and on again, one alone and several at once', async ({ page }) => {
  await page.goto('/sources')
  await open(page, 'Sample shop')
  const sync = page.getByRole('switch', { name: 'Sync customers' })
  await sync.click()
  await expect(schema(page, 'customers').getByText('Paused').filter({ visible: true })).toBeVisible()
  await page.reload()
  await expect(sync).not.toBeChecked()

  const names = await page.locator('[data-schema]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-schema') ?? ''))
  await page.getByRole('checkbox', { name: `Select ${names[0]}`, exact: true }).click()
  await page.getByRole('checkbox', { name: `Select ${names[2]}`, exact: true }).click({ modifiers: ['Shift'] })
  const bar = page.getByRole('toolbar', { name: 'Selected schemas' })
  await expect(bar).toContainText('3 selected')
  await bar.getByRole('button', { name: 'Frequency' }).click()
  await page.getByRole('menuitem', { name: 'Daily' }).click()
  await expect(source(page, 'Sample shop').getByText('Mixed')).toBeVisible()
  await bar.getByRole('button', { name: 'Disable' }).click()
  for (const name of names.slice(0, 3)) await expect(page.getByRole('switch', { name: `Sync ${name}`, exact: true })).not.toBeChecked()
  await bar.getByRole('button', { name: 'Enable' }).click()
  for (const name of names.slice(0, 3)) await expect(page.getByRole('switch', { name: `Sync ${name}`, exact: true })).toBeChecked()
})

test('the settings of a schema say which columns could be its key and why the others could not', async ({ page }) => {
  await page.goto('/sources')
  await open(page, 'Sample shop')
  await schema(page, 'orders').getByRole('button', { name: 'Menu of orders' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings of orders' })
  await expect(dialog.getByRole('radio', { name: /updated_at/ })).toBeEnabled()
  await checkAccessibility(page)
  await dialog.getByRole('radio', { name: /Full table/ }).click()
  await dialog.getByRole('button', { name: 'Save settings' }).click()
  await expect(dialog).toBeHidden()
  await expect(schema(page, 'orders').getByText('Full table').filter({ visible: true })).toBeVisible()
})

test('the look-back of a schema is shown with its default, and kept as it is set', async ({ page }) => {
  await page.goto('/sources')
  await open(page, 'Sample shop')
  const openSettings = async (): Promise<Locator> => {
    await schema(page, 'orders').getByRole('button', { name: 'Menu of orders' }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
    return page.getByRole('dialog', { name: 'Settings of orders' })
  }
  const dialog = await openSettings()
  await dialog.getByRole('radio', { name: /^Incremental/ }).click()
  await dialog.getByRole('radio', { name: /updated_at/ }).click()
  const amount = dialog.getByRole('textbox', { name: 'Look-back' })
  await expect(amount).toHaveValue('10')
  await expect(dialog.getByText('Usual: 10 minutes.')).toBeVisible()
  await checkAccessibility(page)
  await amount.fill('soon')
  await dialog.getByRole('button', { name: 'Save settings' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Enter the look-back as a whole number')
  await amount.fill('2')
  await dialog.getByRole('combobox', { name: 'Unit of the look-back' }).click()
  await page.getByRole('option', { name: 'hours' }).click()
  await dialog.getByRole('button', { name: 'Save settings' }).click()
  await expect(dialog).toBeHidden()
  const again = await openSettings()
  await expect(again.getByRole('textbox', { name: 'Look-back' })).toHaveValue('2')
  await expect(again.getByRole('combobox', { name: 'Unit of the look-back' })).toContainText('hours')
})

test('a run shows its steps, its report and its log', async ({ page }) => {
  await page.goto('/sources')
  await source(page, 'Sample shop').getByRole('button', { name: 'Menu of Sample shop' }).click()
  await page.getByRole('menuitem', { name: 'Open' }).click()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'Completed' }).first().getByRole('link').click()
  await expect(page.getByRole('heading', { name: /^Run of / })).toBeVisible()
  for (const step of ['Plan', 'Extract', 'Merge', 'Publish']) await expect(page.getByRole('listitem').filter({ hasText: step }).first()).toBeVisible()
  await expect(page.getByText('Rows read', { exact: true })).toBeVisible()
  await expect(page.getByRole('log')).not.toHaveText('')
  await checkAccessibility(page)
})

test('a run that ends before the stream of the page is open is shown without a reload', async ({ page, context }) => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  await page.route('**/api/status/stream', async (route) => {
    await opened
    await route.continue()
  })
  await page.goto('/sources')
  await source(page, 'Sample shop').getByRole('button', { name: 'Menu of Sample shop' }).click()
  await page.getByRole('menuitem', { name: 'Open' }).click()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const runs = (of: Page) => of.getByRole('table', { name: 'Runs' }).getByRole('row')
  const mine = (of: Page) => runs(of).filter({ hasText: 'By hand' }).filter({ hasText: 'products' }).filter({ hasText: 'Completed' })
  await expect(runs(page).nth(1)).toBeVisible()
  await expect(mine(page)).toHaveCount(0)

  const other = await context.newPage()
  await other.goto(page.url().replace(/\/runs.*/, ''))
  await other.getByRole('button', { name: 'Menu of products', exact: true }).click()
  await other.getByRole('menuitem', { name: 'Sync now' }).click()
  await other.getByRole('link', { name: 'Runs', exact: true }).click()
  await expect(mine(other)).toBeVisible({ timeout: 20_000 })
  open()
  await expect(mine(page)).toBeVisible()
})

test('a broken source says on its row what failed and what to do, and the configuration tests it line by line', async ({ page }) => {
  const database = await ownDatabase()
  try {
    await database.run(`create table ledger (id int primary key); insert into ledger values (1); grant usage on schema public to ${database.user}; grant select on ledger to ${database.user}`)
    const { host, port, user, password } = database
    execFileSync('node', ['cli/tributary.mjs', 'link', 'postgres', '--config', '-', '--name', 'Broken books', '--prefix', 'broken'], {
      input: JSON.stringify({ host, port, database: database.database, user, password, schema: 'public', sslmode: 'disable' }),
      env: { ...process.env, TRIBUTARY_DATA: process.env.E2E_DATA },
    })
    await database.run(`revoke select on ledger from ${user}`)
    await page.goto('/sources')
    await source(page, 'Broken books').getByRole('button', { name: 'Menu of Broken books' }).click()
    await page.getByRole('menuitem', { name: 'Reload' }).click()
    await open(page, 'Broken books')
    const row = schema(page, 'ledger')
    await expect(row.getByText(/may not read/).filter({ visible: true })).toBeVisible({ timeout: 60_000 })
    await expect(row.getByText(/GRANT SELECT/).filter({ visible: true }).first()).toBeVisible()
    await expect(row.getByRole('button', { name: 'Retry' }).filter({ visible: true })).toBeVisible()
    await expect(source(page, 'Broken books').getByText('Failed').filter({ visible: true })).toBeVisible()
    await checkAccessibility(page)

    await database.run(`grant select on ledger to ${user}`)
    await row.getByRole('button', { name: 'Retry' }).filter({ visible: true }).click()
    await expect(row.getByText(/^(Up to date|Verified)$/).filter({ visible: true })).toBeVisible({ timeout: 60_000 })

    await source(page, 'Broken books').getByRole('button', { name: 'Menu of Broken books' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('button', { name: 'Test connection' }).click()
    await expect(page.getByRole('list', { name: 'Connection check' }).getByRole('listitem').nth(2)).toBeVisible()
    await checkAccessibility(page)
  } finally {
    await database.drop()
  }
})

test('deleting says what goes, and it goes', async ({ page }) => {
  await page.goto('/sources')
  await source(page, 'Broken books').getByRole('button', { name: 'Menu of Broken books' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('1 table with 1 row')
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Delete source and 1 table' }).click()
  await expect(source(page, 'Broken books')).toHaveCount(0)
  await page.reload()
  await expect(source(page, 'Sample shop')).toBeVisible()
  await expect(source(page, 'Broken books')).toHaveCount(0)
})
