import { expect, test, type Page } from '@playwright/test'
import { admin } from './setup/admin'
import { checkAccessibility } from './setup/check-accessibility'

const pages = ['/sources', '/sources/new', '/sql', '/settings', '/settings/previews', '/settings/members']

/** What the browser complains about while the page works: refused scripts and styles, errors of ours. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

test('every answer carries the policy, with a nonce of its own', async ({ request }) => {
  const policies: string[] = []
  for (const path of ['/settings', '/settings', '/sign-in', '/api/auth/csrf', '/there-is-no-such-page']) {
    const headers = (await request.get(path, { maxRedirects: 0 })).headers()
    expect(headers['x-content-type-options'], path).toBe('nosniff')
    expect(headers['x-powered-by'], path).toBeUndefined()
    policies.push(headers['content-security-policy'] ?? '')
  }
  const nonces = policies.map((policy) => /script-src 'self' 'nonce-([^']+)' 'strict-dynamic';/.exec(policy)?.[1])
  expect(nonces.every(Boolean)).toBe(true)
  expect(new Set(nonces).size).toBe(policies.length)
})

test('every page works under the policy, and axe finds nothing serious in light and dark', async ({ page }) => {
  const complaints = complaintsOf(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const path of pages) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await checkAccessibility(page)
    }
  }
  await page.getByRole('button', { name: 'Account and menu' }).click()
  await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await checkAccessibility(page)
  expect(complaints).toEqual([])
})

test('another site writes nothing, whatever cookie the browser holds', async ({ request }) => {
  const answer = await request.post('/api/link/check', { headers: { origin: 'https://evil.example' }, data: {} })
  expect(answer.status()).toBe(403)
  expect(await answer.json()).toMatchObject({ error: { code: 'not_allowed', title: 'The request came from another site' } })
})

test('a stranger reads nothing from a handler', async ({ playwright, baseURL }) => {
  const stranger = await playwright.request.newContext({ baseURL: baseURL ?? '', storageState: { cookies: [], origins: [] } })
  const answer = await stranger.get('/api/status/sources')
  expect(answer.status()).toBe(401)
  expect(await answer.json()).toMatchObject({ error: { title: 'You are signed out' } })
  const forged = await stranger.get('/api/status/sources', { headers: { cookie: 'tributary.session=eyJhbGciOiJub25lIn0.e30.' } })
  expect(forged.status()).toBe(401)
  await stranger.dispose()
})

test('signing in never leads to another site', async ({ browser }) => {
  const page = await (await browser.newContext({ storageState: { cookies: [], origins: [] } })).newPage()
  await page.goto(`/sign-in?callbackUrl=${encodeURIComponent('//evil.example/sources')}`)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/sources$/)
  await page.context().close()
})

test('with the preview off the data warehouse is gone, and its pages say how to turn it on', async ({ page }) => {
  await page.goto('/settings/previews')
  await page.getByRole('switch', { name: 'Data warehouse' }).click()
  await expect(page.getByText('The data warehouse is off')).toBeVisible()
  try {
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Data warehouse' })).toHaveCount(0)
    for (const path of ['/sources', '/sources/new', '/sql']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { name: 'The data warehouse is turned off' })).toBeVisible()
    }
    expect((await page.request.get('/api/status/sources')).status()).toBe(403)
  } finally {
    await page.goto('/data-warehouse-off')
    await page.getByRole('button', { name: 'Turn on data warehouse' }).click()
    await expect(page).toHaveURL(/\/sources$/)
  }
})

test('the theme is kept, and the server writes it into the page', async ({ page }) => {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(await (await page.request.get('/settings')).text()).toMatch(/<html[^>]+data-theme="dark"/)
})

test('a menu opens by the keyboard at its first item and gives the focus back', async ({ page }) => {
  await page.goto('/settings')
  const trigger = page.getByRole('button', { name: 'Account and menu' })
  for (const key of ['Enter', 'ArrowDown']) {
    await trigger.focus()
    await page.keyboard.press(key)
    await expect(page.getByRole('menuitemradio', { name: 'As the system' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(trigger).toBeFocused()
  }
})

test('letters lead to places, except while somebody types', async ({ page }) => {
  await page.goto('/settings')
  await page.getByLabel('Name').click() // a field that is still streamed in takes no focus
  await page.keyboard.type('gs')
  await expect(page).toHaveURL(/\/settings$/)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page).toHaveURL(/\/sources$/)
})

test('a narrow window scrolls down only, and its menu leads everywhere', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of pages) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBeLessThanOrEqual(0)
  }
  await page.getByRole('button', { name: 'Account and menu' }).click()
  await page.getByRole('menuitem', { name: 'Data warehouse' }).click()
  await expect(page).toHaveURL(/\/sources$/)
})
