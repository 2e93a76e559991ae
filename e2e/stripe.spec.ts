import { expect, test, type Page } from '@playwright/test'
import { startBusiness, type Business } from '../test/servers/stripe/business/business'
import { cancelNow } from '../test/servers/stripe/business/verbs/cancellations'
import { startStripe } from '../test/servers/stripe/stripe-server'
import type { EmulatedObject, StripeServer } from '../test/servers/stripe/types'
import { checkAccessibility } from './setup/check-accessibility'
import { ownDatabase, type OwnDatabase } from './setup/own-database'

test.describe.configure({ mode: 'serial' })

/** Of 36 tables, one after the other. */
const IMPORT_MS = 150_000
/** Payouts and files are what this key may not read. */
const LACKING = ['rak_payout_read', 'rak_file_read']

let stripe: StripeServer
let business: Business
let installation: OwnDatabase
/** The address of the source, once it is linked. */
let source: string

test.beforeAll(async () => {
  stripe = await startStripe({ latencyMs: 5 })
  business = startBusiness(stripe.store, 7)
  for (let day = 1; day <= 40; day++) business.liveDay(stripe, day)
  installation = await ownDatabase()
})

test.afterAll(async () => {
  await installation.unlink('e2estripe')
  await installation.drop()
  await stripe.close()
})

const next = (page: Page) => page.getByRole('button', { name: 'Next', exact: true })
const row = (page: Page, table: string) => page.locator(`[data-table="${table}"]`)
const key = (page: Page) => page.getByLabel('Restricted key', { exact: true })
const check = (page: Page) => page.getByRole('list', { name: 'Connection check' })

async function open(page: Page): Promise<void> {
  await page.goto('/sources/new/stripe')
  await page.getByLabel('Address of the API').fill(stripe.url)
  await page.getByLabel('Table prefix').fill('e2estripe')
}

test('the form shows where the key is made, with every permission already ticked', async ({ page }) => {
  await page.goto('/sources/new/stripe')
  const href = await page.getByRole('link', { name: /Make a restricted key at Stripe/ }).getAttribute('href')
  const asked = new URL(href ?? '')
  expect(asked.origin + asked.pathname).toBe('https://dashboard.stripe.com/apikeys/create')
  expect(asked.searchParams.getAll('permissions[]')).toEqual(expect.arrayContaining(['rak_event_read', 'rak_charge_read', 'rak_subscription_read', 'rak_plan_read']))
  await expect(page.getByRole('button', { name: 'Copy 44.205.89.55' })).toBeVisible()
  await checkAccessibility(page)
})

test('a key of the wrong kind is refused at its field, and a wrong key with what to do', async ({ page }) => {
  await open(page)
  await key(page).fill('pk_live_abc')
  await next(page).click()
  await expect(page.getByText(/publishable key/)).toBeVisible()
  await key(page).fill('rk_test_revoked')
  await next(page).click()
  await expect(check(page).getByText('Stripe does not accept the API key')).toBeVisible()
  await expect(page.getByText('rk_test_revoked')).toHaveCount(0)
  await expect(check(page).getByRole('link', { name: /dashboard\.stripe\.com/ })).toHaveAttribute('href', 'https://dashboard.stripe.com/test/apikeys')
})

test('an account is linked: what the key may not read is shown with its permission, the rest is imported and can be queried', async ({ page }) => {
  test.setTimeout(2 * IMPORT_MS)
  await open(page)
  await key(page).fill(stripe.keyWithout(...LACKING))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Choose tables' })).toBeFocused()
  await page.getByRole('button', { name: '2 cannot be read' }).click()
  await expect(page.getByRole('checkbox', { name: 'Sync payouts' })).toBeDisabled()
  await expect(row(page, 'payouts')).toContainText('Payouts')
  await expect(row(page, 'files')).toContainText('Files')
  // what is permitted meanwhile is seen by going back and on again
  const asked = stripe.requests.length
  await page.getByRole('button', { name: 'Back' }).click()
  await next(page).click()
  await expect(page.getByRole('heading', { name: 'Choose tables' })).toBeFocused()
  expect(stripe.requests.length).toBeGreaterThan(asked)
  await page.getByRole('searchbox').fill('subscriptions')
  await expect(row(page, 'subscriptions').getByRole('button', { name: /Follow changes/ })).toBeVisible()
  await checkAccessibility(page)
  await page.getByRole('searchbox').fill('')

  await page.getByRole('button', { name: /^Import 36 tables/ }).click()
  await expect(page).toHaveURL(/\?source=/)
  source = `/sources/${new URL(page.url()).searchParams.get('source')}`
  await expect(row(page, 'charges')).toHaveAttribute('data-state', 'ready', { timeout: IMPORT_MS })
  await expect(page.getByRole('heading', { name: /is in the warehouse/ })).toBeVisible({ timeout: IMPORT_MS })
  await page.getByRole('link', { name: 'Query e2estripe_stripe_charges' }).click()
  await expect(page.getByText(/^ch_/).first()).toBeVisible({ timeout: 20_000 })
})

test('a subscription that is cancelled at Stripe is cancelled after the next sync, and the run tells its requests', async ({ page }) => {
  const active = stripe.store.all('subscription').find(({ status }: EmulatedObject) => status === 'active')
  expect(active).toBeDefined()
  stripe.advance(3600)
  cancelNow(business.account, active?.id ?? '')
  await page.goto(source)
  await page.getByRole('button', { name: 'Menu of subscriptions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const newest = page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: 'subscriptions' }).filter({ hasText: 'By hand' }).first()
  await expect(newest).toContainText('Completed', { timeout: 30_000 })
  await newest.getByRole('link').click()
  await expect(page.getByRole('log')).toContainText(/requests/)
  await checkAccessibility(page)

  await page.goto('/sql')
  await page.getByRole('textbox', { name: 'SQL query' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(`select status, canceled_at is not null as ended from e2estripe_stripe_subscriptions where id = '${active?.id}'`)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('canceled', { exact: true })).toBeVisible({ timeout: 20_000 })
})
