import type { Page } from '@playwright/test'
import { startBusiness, type Business } from '../../test/servers/stripe/business/business'
import { seedAccount } from '../../test/servers/stripe/business/seed-account'
import { startStripe } from '../../test/servers/stripe/stripe-server'
import type { StripeServer } from '../../test/servers/stripe/types'
import type { Camera } from './camera'

const DAYS = 60
/** What Stripe allows a key of the sandbox; slow enough that an import can be looked at. */
const PER_SECOND = 25
const LATENCY_MS = 60
const CHARGES = 60_000
/** Longer than Stripe's events are kept. */
const GAP_DAYS = 40
const DAY = 86_400
const IMPORTED = ['balance_transactions', 'charges', 'customers', 'disputes', 'invoices', 'payment_intents', 'prices', 'products', 'refunds', 'subscriptions']
const LACKING = ['rak_payout_read', 'rak_file_read']
const SYNC_MS = 60_000

/** The screens of an API as the source, against an emulated account of a small business. */
export async function takeStripeTour(camera: Camera, page: Page): Promise<void> {
  const server = await startStripe({ latencyMs: LATENCY_MS, perSecond: PER_SECOND, burst: PER_SECOND })
  try {
    seedAccount(server.store, 'charge', CHARGES)
    const business = startBusiness(server.store, 1)
    for (let day = 1; day <= DAYS; day++) business.liveDay(server, day)
    await connect(camera, page, server)
    await choose(camera, page)
    const source = await load(camera, page)
    await look(camera, page, source)
    await follow(camera, page, { source, server, business })
    await fail(camera, page, source, server)
  } finally {
    await server.close()
  }
}

const key = (page: Page) => page.getByLabel('Restricted key', { exact: true })

async function connect(camera: Camera, page: Page, server: StripeServer): Promise<void> {
  const next = page.getByRole('button', { name: 'Next', exact: true })
  await camera.stop('stripe-form', async () => {
    await page.goto('/sources/new/stripe')
    await key(page).waitFor()
  })
  await camera.stop('stripe-instructions', async () => {
    await page.locator('details').evaluate((folded: HTMLDetailsElement) => (folded.open = true))
    await page.getByRole('button', { name: /^Copy [\d.]+$/ }).filter({ visible: true }).last().scrollIntoViewIfNeeded()
  })
  await camera.stop('stripe-refused', async () => {
    await page.getByLabel('Address of the API').fill(server.url)
    await page.getByLabel('Table prefix').fill('shop')
    await key(page).fill('rk_test_revoked')
    await next.click()
    await page.getByText('Stripe does not accept the API key').first().waitFor()
  })
  await camera.stop('stripe-tables', async () => {
    await key(page).fill(server.keyWithout(...LACKING))
    await next.click()
    await page.getByText('application_fees').first().waitFor()
  })
}

async function choose(camera: Camera, page: Page): Promise<void> {
  const unreadable = page.getByRole('button', { name: /cannot be read/ })
  await camera.stop('stripe-unreadable', async () => {
    await unreadable.click()
    await page.getByText(/The key may not read Payouts/).first().waitFor()
  })
  await unreadable.click()
  await camera.stop('stripe-method', async () => {
    await page.getByRole('button', { name: /^Sync method of charges/ }).click()
    await page.getByRole('dialog').waitFor()
  })
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: 'Tick all tables' }).click()
  const filter = page.getByRole('searchbox', { name: 'Filter tables' })
  for (const name of IMPORTED) {
    await filter.fill(name)
    await page.getByRole('checkbox', { name: `Sync ${name}`, exact: true }).click()
  }
  await filter.fill('')
}

/** The address of the source that is being imported. */
async function load(camera: Camera, page: Page): Promise<string> {
  await camera.stop('stripe-import', async () => {
    await page.getByRole('button', { name: `Import ${IMPORTED.length} tables` }).click()
    await page.waitForURL(/\?source=/)
    await page.getByText(/left/).filter({ visible: true }).first().waitFor({ timeout: SYNC_MS })
  })
  const id = new URL(page.url()).searchParams.get('source') ?? ''
  await camera.stop('stripe-syncing', async () => {
    await page.goto(`/sources?open=${id}`)
    await page.getByText(/left/).filter({ visible: true }).first().waitFor()
  })
  await camera.stop('stripe-run-live', async () => {
    await page.goto(`/sources/${id}/runs`)
    await page.getByRole('row').filter({ hasText: 'Running' }).getByRole('link').first().click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
    await page.getByText(/requests a second/).first().waitFor()
  })
  return `/sources/${id}`
}

async function look(camera: Camera, page: Page, source: string): Promise<void> {
  await camera.stop('stripe-expanded', async () => {
    await page.goto(`/sources?open=${source.split('/').at(-1)}`)
    await page.locator('[data-source]').filter({ hasText: 'Stripe' }).getByText('Up to date').filter({ visible: true }).waitFor({ timeout: SYNC_MS })
  })
  await camera.stop('stripe-source', async () => {
    await page.goto(source)
    await page.getByText('subscriptions').first().waitFor()
  })
  await camera.stop('stripe-settings', async () => {
    await page.getByRole('button', { name: 'Menu of subscriptions', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
    await page.getByText('Look for unreported deletions').scrollIntoViewIfNeeded()
  })
  await page.keyboard.press('Escape')
  await camera.stop('stripe-run', () => openRun(page, source, 'charges'))
}

/** A day of changes, then a gap that the events do not reach back over. */
async function follow(camera: Camera, page: Page, { source, server, business }: { source: string; server: StripeServer; business: Business }): Promise<void> {
  business.liveDay(server, DAYS + 1)
  await camera.stop('stripe-run-follow', async () => {
    await sync(page, source, 'subscriptions')
    await openRun(page, source, 'subscriptions')
  })
  server.advance(GAP_DAYS * DAY)
  await camera.stop('stripe-run-gap', async () => {
    await sync(page, source, 'subscriptions')
    await openRun(page, source, 'subscriptions')
    await page.getByText(/Every row was read/).waitFor()
  })
}

/** Permissions that are taken away once everything is linked. */
async function fail(camera: Camera, page: Page, source: string, server: StripeServer): Promise<void> {
  await camera.stop('stripe-configuration', async () => {
    await page.goto(`${source}/configuration`)
    await key(page).fill(server.keyWithout(...LACKING, 'rak_dispute_read'))
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText('The key may not read every list').first().waitFor()
  })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Configuration saved').waitFor()
  await camera.stop('stripe-failed', async () => {
    await page.goto(`/sources?open=${source.split('/').at(-1)}`)
    await page.getByRole('button', { name: 'Menu of disputes', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Sync now' }).click()
    await page.locator('[data-schema="disputes"]').getByText(/may not read/).filter({ visible: true }).first().waitFor({ timeout: SYNC_MS })
  })
}

async function sync(page: Page, source: string, schema: string): Promise<void> {
  await page.goto(source)
  await page.getByRole('button', { name: `Menu of ${schema}`, exact: true }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
}

/** The page of a schema's newest run, once it has ended. */
async function openRun(page: Page, source: string, schema: string): Promise<void> {
  await page.goto(`${source}/runs`)
  const newest = page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: schema }).first()
  await newest.filter({ hasText: /Completed|Failed/ }).waitFor({ timeout: SYNC_MS })
  await newest.getByRole('link').click()
  await page.getByRole('log').getByText(/requests/).first().waitFor()
}
