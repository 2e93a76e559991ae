import { expect, type Locator } from '@playwright/test'

/** The same element, once the page's script serves it: what is pressed on the server's HTML before that goes nowhere. React keeps an element's handlers on it, under a name that begins so. */
export async function takenOver(element: Locator): Promise<Locator> {
  await expect.poll(() => element.evaluate((node) => Object.keys(node).some((name) => name.startsWith('__reactProps$')))).toBe(true)
  return element
}
