import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { asSuperuser, freshDatabase, superuserUrl, type FreshDatabase } from '@/test/database'
import { hasNoRadosgw } from '@/test/servers/radosgw'
import { openProxyNetwork } from './proxy-network'
import { runFleet } from './run-fleet'
import { placesOf, startBucket, type Servers } from './servers'
import { usual } from './settings'

let database: FreshDatabase
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(path.join(inject('testServer').folder, 'fleet-'))
})
afterAll(async () => {
  await database.drop()
  for (const { name } of await asSuperuser<{ name: string }>(`SELECT datname AS name FROM pg_database WHERE datname LIKE 'customer\\_%'`)) await asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

describe.skipIf(hasNoRadosgw)('workers that share a database and a bucket and nothing else', () => {
  test('are killed, frozen, cut off and ended while their sources change: in the end every table is equal to its source, and the bucket holds what is named and nothing else', async () => {
    const bucket = await startBucket()
    const servers: Servers = { databaseUrl: database.url, sourceUrl: superuserUrl(), bucket, restartBucket: () => bucket.restart(), close: () => bucket.stop() }
    const network = await openProxyNetwork(placesOf(servers))
    const said: string[] = []
    try {
      const bars = await runFleet(servers, network, folder, { ...usual, minutes: 0.2, schemas: 20, workspaces: 2, sourcesPerWorkspace: 1, workers: 2, webs: 0, largeRows: 3_000, troubleEverySeconds: 2 }, (words) => said.push(words), new AbortController().signal)
      expect(bars.length).toBeGreaterThan(0)
      const missed = bars.filter((bar) => !bar.isMet)
      expect(missed.length ? [...missed, ...said] : []).toEqual([])
    } finally {
      await network.close()
      await servers.close()
    }
  }, 400_000)
})
