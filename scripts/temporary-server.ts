import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { dataFolder, setEnv } from '@/lib/core/env'
import { leaveEmbeddedPostgres } from '@/lib/db/embedded/server'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { createSampleShop } from '@/lib/sources/sample-shop/create-sample-shop'
import { runCommand } from './serve/failure'
import { Serve } from './serve/serve'

const PREFIX = 'tributary-temporary-'

/**
 * A whole installation that is gone when it ends, for the browser tests and the screenshots: an empty database, the
 * sample shop beside it, and `shop.json` with what a person would type to link the shop. TEMPORARY_DATA names the folder.
 */
async function serveTemporarily(): Promise<void> {
  await sweepDeadOnes()
  for (const name of ['DATABASE_URL', 'WAREHOUSE_URL', 'ENCRYPTION_KEY', 'NEXTAUTH_SECRET', 'NEXTAUTH_URL', 'TRIGGER_SECRET_KEY', 'EGRESS']) delete process.env[name]
  const data = process.env.TEMPORARY_DATA ?? path.join(os.tmpdir(), `${PREFIX}${process.pid}`)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  setEnv({ TRIBUTARY_DATA: data })
  process.once('exit', () => rmSync(data, { recursive: true, force: true, maxRetries: 5 }))
  const serve = new Serve({
    isDev: false,
    afterDatabase: async () => {
      const shop = await createSampleShop()
      writeFileSync(path.join(data, 'shop.json'), JSON.stringify(shop), { mode: 0o600 })
    },
  })
  await serve.run()
}

/** One that was killed leaves its folder and its database behind. */
async function sweepDeadOnes(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : 0
    if (!owner || isAlive(owner)) continue
    const folder = path.join(os.tmpdir(), name)
    await leaveEmbeddedPostgres(folder).catch(() => {}) // another account's: not ours to sweep
    rmSync(folder, { recursive: true, force: true })
  }
}

void runCommand(dataFolder, serveTemporarily)
