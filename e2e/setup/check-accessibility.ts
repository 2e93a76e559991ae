import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Axe finds nothing serious on the page as it is now. */
export async function checkAccessibility(page: Page): Promise<void> {
  // after a soft navigation the page's title follows its content
  await expect(page).toHaveTitle(/./)
  // through the debugger, which the page's content security policy does not stop
  await page.evaluate(axe)
  const results: AxeResults = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')
  const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
}
