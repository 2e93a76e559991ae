import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { defineConfig } from '@playwright/test'
import { findBrowser } from './e2e/browser'
import { hostsHere } from './e2e/setup/name-hosts'

// Chosen once: the workers read this file again and inherit the choice.
process.env.E2E_PORT ??= String(await freePort())
process.env.E2E_DATA ??= path.join(os.tmpdir(), `tributary-temporary-${process.pid}`)
const baseURL = `http://127.0.0.1:${process.env.E2E_PORT}`
const signedIn = { storageState: path.join(process.env.E2E_DATA, 'signed-in.json') }

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.E2E_REPORT ? [['list'], ['json', { outputFile: process.env.E2E_REPORT }]] : 'list',
  use: { baseURL, launchOptions: await findBrowser(), trace: 'retain-on-failure', viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' },
  projects: [
    // the first run happens once, on the empty installation; everything else comes after it, signed in
    { name: 'first run', testMatch: 'first-run.spec.ts' },
    { name: 'sign in', testMatch: 'setup/sign-in.setup.ts', dependencies: ['first run'] },
    { name: 'screens', testMatch: '*.spec.ts', testIgnore: ['first-run.spec.ts', 'start.spec.ts'], dependencies: ['sign in'], use: signedIn },
    // starts installations of its own; it needs the pages built, as they are once the first run has passed
    { name: 'start', testMatch: 'start.spec.ts', dependencies: ['first run'] },
  ],
  webServer: {
    command: 'node scripts/temporary-server.mjs',
    url: `${baseURL}/sign-in`,
    env: { PORT: process.env.E2E_PORT, HOST: '127.0.0.1', TEMPORARY_DATA: process.env.E2E_DATA, LOG_LEVEL: 'info', ...hostsHere(process.env.E2E_DATA) },
    timeout: 300_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
  },
})

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
