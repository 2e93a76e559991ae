import type { Page } from '@playwright/test'
import { startBusiness } from '../../test/servers/stripe/business/business'
import { startStripe } from '../../test/servers/stripe/stripe-server'
import type { Camera } from './camera'

const DAYS = 60
const LATENCY_MS = 60
/** Slow enough that an import can be looked at. */
const PER_SECOND = 25

/** The screens of an API as the source, against an emulated account of a small business. */
export async function takeStripeTour(camera: Camera, page: Page): Promise<void> {
  const server = await startStripe({ latencyMs: LATENCY_MS, perSecond: PER_SECOND, burst: PER_SECOND })
  try {
    const business = startBusiness(server.store, 1)
    for (let day = 1; day <= DAYS; day++) business.liveDay(server, day)
    await link(camera, page, server.url, server.keyWithout('rak_payout_read', 'rak_file_read'))
    await look(camera, page)
  } finally {
    await server.close()
  }
}

async function link(camera: Camera, page: Page, url: string, key: string): Promise<void> {
  await camera.stop('stripe-form', async () => {
    await page.goto('/sources/new/stripe')
    await page.getByLabel('Address of the API').fill(url)
    await page.getByLabel('Table prefix').fill('shop')
  })
  await camera.stop('stripe-refused', async () => {
    await page.getByLabel('Restricted key').fill('rk_test_notakey')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Stripe does not accept the API key').first().waitFor()
  })
  await camera.stop('stripe-tables', async () => {
    await page.getByLabel('Restricted key').fill(key)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('application_fees').first().waitFor()
  })
  await camera.stop('stripe-unreadable', async () => {
    await page.getByRole('button', { name: /cannot be read/ }).click()
    await page.getByText('Payouts').first().waitFor()
  })
  await camera.stop('stripe-method', async () => {
    await page.getByRole('button', { name: /cannot be read/ }).click()
    await page.getByRole('button', { name: /^Sync method of charges/ }).click()
    await page.getByRole('dialog').waitFor()
  })
  await page.keyboard.press('Escape')
  await camera.stop('stripe-import', async () => {
    await page.getByRole('button', { name: /^Import \d+ tables/ }).click()
    await page.getByText(/requests a second/).first().waitFor()
  })
}

async function look(camera: Camera, page: Page): Promise<void> {
  const source = `/sources/${new URL(page.url()).searchParams.get('source') ?? ''}`
  await camera.stop('stripe-syncing', async () => {
    await page.goto(`/sources?open=${source.split('/').at(-1)}`)
    await page.getByText(/^Syncing/).filter({ visible: true }).first().waitFor()
  })
  await camera.stop('stripe-expanded', async () => {
    await page.getByText('Up to date').filter({ visible: true }).first().waitFor({ timeout: 180_000 })
  })
  await camera.stop('stripe-run', async () => {
    await page.goto(`${source}/runs`)
    await page.locator(`a[href*="${source}/runs/"]`).first().click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
    await page.getByText(/requests/).first().waitFor()
  })
  await camera.stop('stripe-settings', async () => {
    await page.goto(source)
    await page.getByRole('button', { name: 'Menu of subscriptions' }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
    await page.getByText('Look for deletions that nobody told').waitFor()
  })
  await page.keyboard.press('Escape')
}
