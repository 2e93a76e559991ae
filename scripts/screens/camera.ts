import path from 'node:path'
import type { Page } from '@playwright/test'

const WIDE = { width: 1440, height: 900 }
const VARIANTS = [
  { name: 'light', viewport: WIDE, colorScheme: 'light' },
  { name: 'dark', viewport: WIDE, colorScheme: 'dark' },
  { name: '360', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
] as const

/** Takes each screen in every variant; one that cannot be reached is remembered, and the tour goes on. */
export class Camera {
  readonly taken: string[] = []
  readonly missing: { screen: string; reason: string }[] = []

  /** @param only the beginning of the names of the screens to take; the others are reached all the same. */
  constructor(private readonly page: Page, private readonly folder: string, private readonly only = '') {}

  /** Reach a screen, then take it. */
  async stop(screen: string, reach: () => Promise<unknown>): Promise<void> {
    try {
      await reach()
      if (!screen.startsWith(this.only)) return
      for (const variant of VARIANTS) await this.take(screen, variant)
      this.taken.push(screen)
      console.log(screen)
    } catch (error) {
      const reason = String(error).split('\n').slice(0, 3).join(' ').slice(0, 300)
      this.missing.push({ screen, reason })
      await this.page.screenshot({ path: path.join(this.folder, '..', '..', 'test-results', `missing-${screen}.png`) }).catch(() => {})
    } finally {
      await this.page.setViewportSize(WIDE)
      await this.page.emulateMedia({ colorScheme: 'light' })
    }
  }

  private async take(screen: string, { name, viewport, colorScheme }: (typeof VARIANTS)[number]): Promise<void> {
    await this.page.setViewportSize(viewport)
    await this.page.emulateMedia({ colorScheme })
    await this.page.evaluate(() => document.fonts.ready)
    // two frames: the layout of the new width, then what it measured
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    await this.page.screenshot({ path: path.join(this.folder, `${screen}-${name}.png`), animations: 'disabled', caret: 'hide' })
  }
}
