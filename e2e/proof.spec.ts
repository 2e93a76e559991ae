import { expect, test, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'
import { look } from './setup/look'
import { ownDatabase, type OwnDatabase } from './setup/own-database'
import { takenOver } from './setup/taken-over'

test.describe.configure({ mode: 'serial' })

const WAIT_MS = 90_000
let database: OwnDatabase

test.beforeAll(async () => {
  database = await ownDatabase()
  await database.run(`
    create table parcels (id int primary key, place text, weight numeric(8,2), updated_at timestamptz not null);
    insert into parcels select n, 'Shelf ' || n, n / 4.0, timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, 400) n;
    grant select on parcels to ${database.user}`)
})
test.afterAll(async () => {
  await database.unlink('depot')
  await database.drop()
})

const NAME = 'public.parcels'
const row = (page: Page) => page.locator(`[data-schema="${NAME}"]`)

async function choose(page: Page, item: string): Promise<void> {
  await row(page).getByRole('button', { name: `Menu of ${NAME}` }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

const status = (page: Page, words: string) => row(page).getByRole('button', { name: words, exact: true }).filter({ visible: true })

test('a synced table wears that it is verified, with its rows and ranges', async ({ page }) => {
  test.setTimeout(WAIT_MS * 2)
  await page.goto('/sources/new/postgres')
  await page.getByRole('textbox', { name: 'Connection string', exact: true }).evaluate((element, pasted) => {
    const data = new DataTransfer()
    data.setData('text', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, `postgresql://${database.user}:${database.password}@${database.host}:${database.port}/${database.database}`)
  await page.getByRole('textbox', { name: 'Table prefix', exact: true }).fill('depot')
  await page.getByRole('button', { name: 'Next', exact: true }).click()
  await page.getByRole('button', { name: 'Import 1 table' }).click({ timeout: WAIT_MS })
  await expect(page.getByRole('heading', { name: `${database.database} is in the warehouse` })).toBeVisible({ timeout: WAIT_MS })
  await page.goto(`/sources/${new URL(page.url()).searchParams.get('source')}`)
  await expect(status(page, 'Verified')).toBeVisible({ timeout: WAIT_MS })
  await expect(row(page)).toContainText('reconciled: daily')
  await expect(row(page)).toContainText(/400 rows, \d+ ranges?/)
  await look(page, 'verified')
  await status(page, 'Verified').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Every row is that of the source.')
  await expect(dialog).toContainText('400')
  await checkAccessibility(page)
  await look(page, 'verified-dialog')
  await dialog.getByRole('button', { name: 'Close' }).first().click()
})

test('a difference is loud, its rows stand side by side, and Repair brings them in line', async ({ page }) => {
  test.setTimeout(WAIT_MS * 2)
  await page.goto('/sources')
  await (await takenOver(page.locator('[data-source]').filter({ hasText: database.database }).locator('[data-source-toggle]'))).click()
  await choose(page, 'Stop reconciling')
  await expect(row(page)).toContainText('reconciled: never')
  await database.run(`delete from parcels where id = 7; update parcels set place = 'Shelf 8, moved' where id = 8; insert into parcels values (900, 'Late', null, timestamptz '2026-01-01')`)
  await choose(page, 'Verify now')
  await status(page, 'Differs from the source').click({ timeout: WAIT_MS })
  const dialog = page.getByRole('dialog')
  await expect(row(page)).toContainText('1 row gone at the source, 1 row missing here, 1 row with other values')
  const rows = dialog.getByRole('region', { name: 'Source and warehouse side by side' })
  await expect(rows).toContainText('Shelf 8, moved')
  await expect(rows).toContainText('Gone at the source')
  await expect(rows).toContainText('Missing here')
  await checkAccessibility(page)
  await look(page, 'differs')
  // where there is no room side by side both values are read without scrolling sideways
  await page.setViewportSize({ width: 360, height: 740 })
  const stacked = dialog.getByRole('list', { name: 'Source and warehouse, one below the other' })
  await expect(stacked.getByRole('listitem').filter({ hasText: 'Shelf 8, moved' })).toContainText(/8 Other values\s*placeSourceShelf 8, movedHereShelf 8$/)
  await expect(rows).toBeHidden()
  expect(await dialog.evaluate((element) => [...element.querySelectorAll('*')].filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX)).length)).toBe(0)
  await checkAccessibility(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await look(page, 'differs-row')
  // closed, the source says it too
  await page.goto('/sources')
  const source = page.locator('[data-source]').filter({ hasText: database.database })
  await expect(source).toContainText('Differs from the source')
  await expect(source).toContainText('1 row gone at the source, 1 row missing here, 1 row with other values')
  await look(page, 'differs-source')
  await checkAccessibility(page)
  await source.locator('[data-source-toggle]').click()
  await row(page).getByRole('button', { name: 'Show rows' }).filter({ visible: true }).click()
  await dialog.getByRole('button', { name: 'Repair' }).click()
  await expect(status(page, 'Verified')).toBeVisible({ timeout: WAIT_MS })
  await status(page, 'Verified').click()
  await expect(page.getByRole('dialog')).toContainText('What was brought in line')
  await page.keyboard.press('Escape')
  await choose(page, 'Settings…')
  await expect(page.getByRole('dialog')).toContainText('Verify after each sync', { timeout: 30_000 })
  await look(page, 'settings')
  await checkAccessibility(page)
})
