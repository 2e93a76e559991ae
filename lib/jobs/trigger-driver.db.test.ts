import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { findExternalRunId } from '@/lib/db/external-runs'
import { takePlaces } from '@/lib/db/run-places'
import { insertRuns } from '@/lib/db/runs'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { TriggerServer, type Trouble } from '@/test/servers/trigger/trigger-server'
import type { JobRequest } from './jobs-driver'
import { jobsSuite } from './jobs-suite'
import { RunSyncPayload } from './payloads'
import { TriggerDriver } from './trigger-driver'
import { realRoom } from './trigger-real-room-for-test'

let database: FreshDatabase
let server: TriggerServer
let driver: TriggerDriver

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  server = await TriggerServer.start()
  setEnv({ TRIGGER_SECRET_KEY: server.secretKey, TRIGGER_API_URL: server.url })
  driver = new TriggerDriver()
})
afterEach(async () => {
  await server.stop()
})
afterAll(async () => {
  await database.drop()
})

async function request(): Promise<JobRequest> {
  const { workspaceId, schemaIds } = await makeSource(1)
  const [run] = await insertRuns(workspaceId, schemaIds, { isFull: false, trigger: 'manual' })
  return (await takePlaces([run!.id])).map(({ isDue: _isDue, notBefore: _notBefore, ...rest }) => rest)[0]!
}

/** Machines take what they may and end it. */
async function handed(): Promise<string[]> {
  const taken: string[] = []
  for (let run = server.runs.take(); run; run = server.runs.take()) {
    taken.push(RunSyncPayload.parse(run.payload).runId)
    server.runs.end(run.id, 'COMPLETED')
  }
  return taken
}

describe('Trigger.dev, played by a server of our own', () => {
  jobsSuite(() => ({ driver, request, handed, pass: async (seconds) => server.runs.pass(seconds) }))
})

const real = inject('realTrigger')
describe.skipIf(!real)(`a real Trigger.dev (${real?.apiUrl ?? 'left out: TRIGGER_API_URL and TRIGGER_SECRET_KEY are not set'})`, { timeout: 180_000 }, () => {
  beforeEach(() => {
    setEnv({ TRIGGER_SECRET_KEY: real!.secretKey, TRIGGER_API_URL: real!.apiUrl })
    driver = new TriggerDriver()
  })
  jobsSuite(() => realRoom(driver, request))
})

describe('a run over there', () => {
  test('carries its schema as the key that lets one go at a time, and tags of workspace and source', async () => {
    const sent = await request()
    await driver.send([sent])
    const [run] = server.runs.all()
    expect(run).toMatchObject({ taskId: 'run-sync', options: { concurrencyKey: sent.schemaId, ttl: '60m' } })
    expect(run!.tags).toEqual([`workspace_${sent.workspaceId}`, `source_${sent.sourceId}`, `run_${sent.runId}`])
    expect(await findExternalRunId(sent.runId)).toBe(run!.id)
  })

  test('goes beside those of other schemas, and after the one of its own', async () => {
    const [first, other] = [await request(), await request()]
    await driver.send([first, other, { ...first, fence: 1 }])
    const [one, two] = [server.runs.take(), server.runs.take()]
    expect([one, two].map((run) => run?.options.concurrencyKey)).toEqual([first.schemaId, other.schemaId])
    expect(server.runs.take()).toBeUndefined()
    server.runs.end(one!.id, 'COMPLETED')
    expect(server.runs.take()?.options.concurrencyKey).toBe(first.schemaId)
  })

  test('tells its state, in our words', async () => {
    const sent = await request()
    await driver.send([sent])
    const { id } = server.runs.all()[0]!
    expect(await driver.state(id)).toBe('waiting')
    server.runs.take()
    expect(await driver.state(id)).toBe('on')
    server.runs.end(id, 'CRASHED')
    expect(await driver.state(id)).toBe('crashed')
    expect(await driver.state('run_of_nobody')).toBe('unknown')
  })

  test('of a task that is not deployed is taken all the same, and says so when asked', async () => {
    server.runs.deployed.clear()
    const sent = await request()
    await driver.send([sent])
    expect(await driver.state(server.runs.all()[0]!.id)).toBe('not_deployed')
  })

  test('that nobody takes expires', async () => {
    const sent = await request()
    await driver.send([sent])
    server.runs.pass(61 * 60)
    expect(await driver.state(server.runs.all()[0]!.id)).toBe('expired')
  })

  test('that is cancelled while it is on ends there', async () => {
    const sent = await request()
    await driver.send([sent])
    const run = server.runs.take()!
    await driver.cancel(sent.runId)
    expect(server.runs.find(run.id)!.status).toBe('CANCELED')
  })
})

describe('what goes wrong is told apart', () => {
  test.each<[Trouble, { code: string; isRetryable: boolean }]>([
    ['broken', { code: 'unreachable', isRetryable: true }],
    ['too many', { code: 'rate_limited', isRetryable: true }],
    ['forbidden', { code: 'permission', isRetryable: false }],
    ['elsewhere', { code: 'unreachable', isRetryable: true }],
    ['silent', { code: 'unreachable', isRetryable: true }],
  ])('%s', async (trouble, words) => {
    const sent = await request()
    server.trouble = trouble
    const impatient = new TriggerDriver(2)
    await expect(impatient.send([sent])).rejects.toMatchObject(words)
    expect(await findExternalRunId(sent.runId)).toBeNull()
  })

  test('a key that is refused, without a second try and without a word of the key', async () => {
    setEnv({ TRIGGER_SECRET_KEY: 'tr_prod_a_wrong_one' })
    const sent = await request()
    const failure = await driver.send([sent]).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'credentials', isRetryable: false })
    expect(String(failure)).not.toContain('a_wrong_one')
    expect(server.requests).toEqual(['POST /api/v1/tasks/run-sync/trigger'])
  })

  test('a server that is down', async () => {
    const sent = await request()
    await server.stop()
    await expect(driver.send([sent])).rejects.toMatchObject({ code: 'unreachable', isRetryable: true })
  })

  test('an answer that came while the connection broke: the run is not made twice', async () => {
    const sent = await request()
    await driver.send([sent])
    await new TriggerDriver().send([sent])
    expect(server.runs.all()).toHaveLength(1)
  })
})
