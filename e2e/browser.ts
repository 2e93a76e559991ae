import { existsSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from '@playwright/test'

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

export interface FoundBrowser {
  executablePath?: string
  channel?: string
  args: string[]
}

/** A browser for the tests: the one named in CHROMIUM_PATH, the system's, Playwright's own, the one packed in npm, installed Chrome. */
export async function findBrowser(): Promise<FoundBrowser> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  const args = isRoot ? [...FLAGS, '--no-sandbox'] : FLAGS
  if (process.env.CHROMIUM_PATH) return { executablePath: process.env.CHROMIUM_PATH, args }
  const system = SYSTEM.find((file) => existsSync(file))
  if (system) return { executablePath: system, args }
  if (existsSync(chromium.executablePath())) return { args }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackBrowser()
  return { channel: 'chrome', args }
}

/** The packed browser unpacks under a fixed name and never checks whose or which version is there: it gets a folder of its own. */
async function unpackBrowser(): Promise<FoundBrowser> {
  const folder = path.join(os.tmpdir(), `tributary-chromium-143-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    return { executablePath: await packed.executablePath(), args: [...FLAGS, '--no-sandbox', '--disable-setuid-sandbox', '--no-zygote'] }
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
