import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { AppError } from '@/lib/core/errors'
import { findBrowser } from '../../e2e/browser'

const run = promisify(execFile)
const INSTALL_SECONDS = 300

/** Make sure that a browser starts: the one that is found, else (as root) the system's package. */
export async function installBrowser(say: (words: string) => void): Promise<void> {
  const found = await tryBrowser()
  if (found === undefined) return
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw noBrowser(found)
  say('Installing a browser (chromium)')
  const options = { timeout: INSTALL_SECONDS * 1000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 }
  try {
    await run('apt-get', ['update', '-qq'], options)
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  } catch (error) {
    throw noBrowser(`${found}; ${String(error).split('\n')[0]}`)
  }
  const after = await tryBrowser()
  if (after !== undefined) throw noBrowser(after)
}

/** Why no browser starts, in the way in which the tests start it; undefined when one does. */
async function tryBrowser(): Promise<string | undefined> {
  try {
    const { executablePath, args } = await findBrowser()
    if (executablePath) await (await chromium.launch({ executablePath, args, timeout: 60_000 })).close()
    return undefined
  } catch (error) {
    return String(error).split('\n')[0] ?? 'unknown'
  }
}

function noBrowser(detail: string): AppError {
  return new AppError('not_found', { title: 'There is no browser for the tests', detail, advice: 'Install Chromium or Chrome, or set CHROMIUM_PATH to one' })
}
