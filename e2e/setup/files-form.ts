import type { Page } from '@playwright/test'

/** What a look at files may take here. */
export const LOOK_MS = 30_000
/** What an import may take here. */
export const IMPORT_MS = 60_000

export const pattern = (page: Page) => page.getByLabel('Files URL pattern')
export const checks = (page: Page) => page.getByRole('list', { name: 'Connection check' })
export const check = (page: Page) => page.getByRole('button', { name: 'Check', exact: true })
export const firstRows = (page: Page) => page.getByRole('group', { name: 'First rows' })
export const typeOf = (page: Page, column: string) => page.getByLabel(`Type of ${column}`, { exact: true })
export const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })

/** Choose in one of our own menus. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await field(page, label).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

export async function ask(page: Page, sql: string): Promise<void> {
  await page.goto('/sql')
  await page.getByRole('textbox', { name: 'SQL query' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
  await page.keyboard.press('ControlOrMeta+Enter')
}

/** How far the page is wider than the window. */
export const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
