import path from 'node:path'
import { expect, test as setup } from '@playwright/test'
import { admin } from './admin'

setup('sign in, for every spec that follows', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/sources/)
  await page.context().storageState({ path: path.join(process.env.E2E_DATA ?? '', 'signed-in.json') })
})
