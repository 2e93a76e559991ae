import path from 'node:path'
import type { Page } from '@playwright/test'

/** Keep the screen as it is in light, in dark and at 360 pixels, for people to look at: in the folder that E2E_LOOK names, if any. */
export async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.E2E_LOOK
  if (!folder) return
  for (const [size, scheme, width] of [['light', 'light', 1440], ['dark', 'dark', 1440], ['360', 'light', 360]] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width, height: 900 })
    await page.screenshot({ path: path.join(folder, `${name}-${size}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
}
