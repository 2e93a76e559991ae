import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { RunSyncPayload } from '@/lib/jobs/payloads'
import { startSync } from '@/lib/syncs/start-sync'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { TriggerServer } from '@/test/servers/trigger/trigger-server'

let database: FreshDatabase
let server: TriggerServer
let worker: ChildProcess

beforeAll(async () => {
  database = await freshDatabase()
  server = await TriggerServer.start()
})
afterAll(async () => {
  worker.kill('SIGKILL')
  await server.stop()
  await database.drop()
})

test('with Trigger.dev the worker takes no run, starts what is due, and sends what was lost', async () => {
  const { workspaceId, schemaIds } = await makeSource(2, { nextRunAt: new Date(Date.now() - 60_000) })
  const lost = (await startSync(workspaceId, [schemaIds[0]!], { isFull: false, trigger: 'manual', isEnqueued: false })).runIds[0]!
  await prisma().syncRun.update({ where: { id: lost }, data: { notBefore: new Date(Date.now() - 60_000) } })
  worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    env: { ...process.env, DATABASE_URL: database.url, TRIBUTARY_DATA: dataFolder(), TRIGGER_SECRET_KEY: server.secretKey, TRIGGER_API_URL: server.url, LOG_LEVEL: 'warn', VITEST: undefined },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const deadline = Date.now() + 60_000; server.runs.all().length < 2; await wait(50)) if (Date.now() > deadline) throw new Error('the runs were not sent')
  worker.kill('SIGTERM')
  expect(await once(worker, 'exit')).toEqual([0, null])
  const sent = server.runs.all().map((run) => RunSyncPayload.parse(run.payload).runId)
  expect(sent).toContain(lost)
  const rows = await prisma().syncRun.findMany({ select: { id: true, schemaId: true, status: true } })
  expect(rows.map((row) => row.id).toSorted()).toEqual(sent.toSorted())
  expect(rows.find((row) => row.id !== lost)).toMatchObject({ schemaId: schemaIds[1], status: 'queued' })
  // the embedded queue was not even opened
  expect(await prisma().$queryRaw`SELECT 1 FROM pg_namespace WHERE nspname = 'pgboss'`).toEqual([])
}, 120_000)
