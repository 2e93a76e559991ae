import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from '@playwright/test'
import pg from 'pg'
import { projectFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { startEmbeddedPostgres } from '@/lib/db/embedded/server'
import { findBrowser } from '../e2e/browser'
import { hostsHere } from '../e2e/setup/name-hosts'
import { Camera } from './screens/camera'
import { takeFilesTour } from './screens/files-tour'
import { takeStripeTour } from './screens/stripe-tour'
import { arrive, settle, takeTour, type Shop } from './screens/tour'
import { runCommand } from './serve/failure'
import { installBrowser } from './test/install-browser'

const FOLDER = path.join(projectFolder(), 'docs', 'screens')

/** Only the screens whose names begin so; without it, all. */
const only = process.argv[2]

/** `npm run screens`: every screen of a fresh installation, in light, dark and at 360 px, into docs/screens. */
async function takeScreens(): Promise<void> {
  await installBrowser(console.log)
  const data = mkdtempSync(path.join(os.tmpdir(), 'tributary-screens-'))
  const server = await startServer(data)
  try {
    const database = await startEmbeddedPostgres(data)
    const shop = JSON.parse(readFileSync(path.join(data, 'shop.json'), 'utf8')) as Shop
    const source = new pg.Pool({ connectionString: database.urlFor(shop.database), max: 1 })
    const browser = await chromium.launch(await findBrowser())
    try {
      const context = await browser.newContext({ baseURL: server.url, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' })
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      mkdirSync(FOLDER, { recursive: true })
      const camera = new Camera(page, FOLDER, only)
      await arrive(camera, page)
      // a tour of its own needs nothing of the others
      const alone = ['stripe', 'files'].find((name) => only?.startsWith(name))
      if (!alone) await takeTour(camera, page, shop, async (sql) => void (await source.query(sql)))
      if (!alone || alone === 'stripe') await takeStripeTour(camera, page)
      if (!alone || alone === 'files') await takeFilesTour(camera, page, data)
      await settle(camera, page)
      report(camera)
    } finally {
      await browser.close()
      await source.end()
      await database.release()
    }
  } finally {
    await server.end()
  }
}

function report({ taken, missing }: Camera): void {
  console.log(`${taken.length} screens, ${taken.length * 3} pictures in docs/screens`)
  for (const { screen, reason } of missing) console.log(`Missing: ${screen} (${reason})`)
}

/** A temporary installation; resolves when its first page answers. */
function startServer(data: string): Promise<{ url: string; end(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(projectFolder(), 'scripts/temporary-server.mjs')], { env: { ...process.env, PORT: '0', HOST: '127.0.0.1', TEMPORARY_DATA: data, ...hostsHere(data) }, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    let output = ''
    child.stdout.on('data', (bytes: Buffer) => {
      process.stdout.write(bytes)
      output += bytes.toString()
      const url = /is ready: (http:\S+)/.exec(output)?.[1]
      if (url) resolve({ url, end: () => (child.kill('SIGTERM'), ended) })
    })
    child.once('exit', () => reject(new AppError('internal', { title: 'The server for the screenshots did not start', detail: output.trim().split('\n').at(-1) })))
  })
}

void runCommand(() => FOLDER, takeScreens)
