import { expect, test } from '@playwright/test'
import { admin } from './setup/admin'
import { checkAccessibility } from './setup/check-accessibility'

test.describe.configure({ mode: 'serial' })

test('every address of an empty installation leads to the first run', async ({ page }) => {
  for (const path of ['/', '/sources', '/sign-in']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/setup$/)
  }
  await expect(page.getByRole('heading', { name: 'Create the first administrator' })).toBeVisible()
  await checkAccessibility(page)
})

test('a password that is too short is told at its field', async ({ page }) => {
  await page.goto('/setup')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expect(page).toHaveURL(/\/setup$/)
})

test('of two first visitors at once one becomes the administrator', async ({ browser }) => {
  const visitors = await Promise.all([admin, { ...admin, email: 'late@example.com' }].map(async (person) => {
    const page = await (await browser.newContext()).newPage()
    await page.goto('/setup')
    await page.getByLabel('Name').fill(person.name)
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    return page
  }))
  // the first is a moment ahead, so that the following tests know who won
  const [first, late] = visitors
  await first?.getByRole('button', { name: 'Create administrator' }).click()
  await expect(first!).toHaveURL(/\/sources/)
  await late?.getByRole('button', { name: 'Create administrator' }).click()
  await expect(late!.getByRole('link', { name: 'Sign in' })).toBeVisible()
  for (const page of visitors) await page.context().close()
})

test('the first run is over for everybody', async ({ page }) => {
  await page.goto('/setup')
  await expect(page).toHaveURL(/\/sign-in$/)
  await checkAccessibility(page)
})

test('a wrong password and an unknown address get the same words', async ({ page }) => {
  const refusals: string[] = []
  for (const email of [admin.email, 'nobody@example.com']) {
    await page.goto('/sign-in')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('Sign-in was refused')).toBeVisible()
    refusals.push(await page.getByRole('alert').filter({ hasText: 'refused' }).innerText())
  }
  expect(refusals[0]).toBe(refusals[1])
})

test('a stranger is led to sign-in and back to where they wanted to go', async ({ page }) => {
  await page.goto('/settings')
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/settings/)
  await page.getByRole('button', { name: 'Account and menu' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto('/sources')
  await expect(page).toHaveURL(/\/sign-in/)
})
