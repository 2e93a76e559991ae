import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { insertSource } from '@/lib/db/sources'
import { loadRun, loadRunLog, loadRuns } from '@/lib/syncs/loaders'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import type { Viewer } from '@/lib/workspace/schema'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource, type MadeSource } from '@/test/factories'
import { loadSchemas, loadSchemaSettings, loadSource, loadSources } from './loaders'

let database: FreshDatabase
let made: MadeSource
let viewer: Viewer
let stranger: Viewer

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  await prisma().workspace.deleteMany()
  made = await makeSource(3)
  viewer = viewerOf(made.workspaceId)
  const other = await prisma().workspace.create({ data: { id: newId(), name: 'Another' } })
  stranger = viewerOf(other.id)
})

function viewerOf(workspaceId: string): Viewer {
  return { userId: newId(), email: 'ada@example.com', name: 'Ada', workspaceId, workspaceName: 'Test', role: 'owner', previews: { dataWarehouse: true } }
}

interface RunPart {
  status?: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'
  rowsRead?: number
  rowsExpected?: number
  queuedAt?: Date
  error?: object
  pace?: string
  report?: object
}

async function addRun(place: number, part: RunPart): Promise<string> {
  const { id } = await prisma().syncRun.create({ data: { id: newId(), workspaceId: made.workspaceId, sourceId: made.sourceId, schemaId: made.schemaIds[place]!, trigger: 'manual', ...part } })
  return id
}

async function addVersion(place: number, rows: number): Promise<void> {
  const schemaId = made.schemaIds[place]!
  await prisma().tableVersion.create({ data: { schemaId, number: 1, workspaceId: made.workspaceId, kind: 'sync', columns: [], rows, bytes: rows * 10 } })
  await prisma().sourceSchema.update({ where: { id: schemaId }, data: { currentVersion: 1, lastSyncedAt: new Date() } })
}

const refused = { code: 'permission', title: 'Permission denied for table_1', advice: 'Grant SELECT', isRetryable: false }

test('a source adds up its schemas: rows, tables, the last sync', async () => {
  await addVersion(0, 1_000)
  await addVersion(1, 234)
  await prisma().sourceSchema.update({ where: { id: made.schemaIds[1]! }, data: { enabled: false } })
  const [source] = await loadSources(viewer)
  expect(source).toMatchObject({ status: 'up_to_date', rows: 1_234, enabledSchemas: 2, totalSchemas: 3, filledSchemas: 2, failedSchemas: 0, frequency: 'six_hours', progress: null, activeRuns: [] })
  expect(source?.lastSyncedAt).not.toBeNull()
})

test('a failed schema is visible on its source and on its row, in words, until a later run', async () => {
  await addVersion(0, 10)
  await addRun(1, { status: 'failed', error: refused })
  const [source] = await loadSources(viewer)
  expect(source).toMatchObject({ status: 'failed', failedSchemas: 1, problem: refused, problemSchema: 'table_1' })
  expect((await loadSchemas(viewer, made.sourceId))[1]).toMatchObject({ status: 'failed', problem: refused })

  await addRun(1, { status: 'completed', queuedAt: new Date(Date.now() + 1_000) })
  expect((await loadSources(viewer))[0]).toMatchObject({ status: 'up_to_date', problem: null })
  expect((await loadSchemas(viewer, made.sourceId))[1]?.problem).toBeNull()
})

test('a failure of a schema that is switched off is no failure of its source', async () => {
  await addRun(1, { status: 'failed', error: refused })
  await prisma().sourceSchema.updateMany({ data: { enabled: false } })
  expect((await loadSources(viewer))[0]).toMatchObject({ status: 'paused', failedSchemas: 0, problem: null })
  expect((await loadSchemas(viewer, made.sourceId))[1]).toMatchObject({ status: 'off', problem: null })
})

test('the progress of a source never goes back when one of its runs ends', async () => {
  const first = await addRun(0, { status: 'running', rowsRead: 90, rowsExpected: 100 })
  await addRun(1, { status: 'running', rowsRead: 10, rowsExpected: 100 })
  const [before] = await loadSources(viewer)
  expect(before).toMatchObject({ status: 'syncing', progress: 0.5, runningSchemas: 2 })

  await prisma().syncRun.update({ where: { id: first }, data: { status: 'completed', rowsRead: 100 } })
  const [after] = await loadSources(viewer)
  expect(after?.progress).toBeCloseTo(0.55)
})

test('a running schema carries its run, live', async () => {
  const runId = await addRun(2, { status: 'running', rowsRead: 7 })
  const schemas = await loadSchemas(viewer, made.sourceId)
  expect(schemas.map((schema) => schema.activeRun?.id ?? null)).toEqual([null, null, runId])
  expect(schemas[2]).toMatchObject({ status: 'running', activeRun: { rowsRead: 7, schemaName: 'table_2' } })
})

test('another workspace sees nothing of a source, its schemas, its runs or their logs', async () => {
  const runId = await addRun(0, { status: 'completed' })
  await prisma().runLog.create({ data: { runId, workspaceId: made.workspaceId, level: 'info', message: 'Read' } })
  const notFound = expect.objectContaining({ code: 'not_found' })
  expect(await loadSources(stranger)).toEqual([])
  expect(await loadSchemas(stranger, made.sourceId)).toEqual([])
  await expect(loadSource(stranger, made.sourceId)).rejects.toEqual(notFound)
  await expect(loadSchemaSettings(stranger, made.schemaIds[0]!)).rejects.toEqual(notFound)
  await expect(loadRun(stranger, runId)).rejects.toEqual(notFound)
  expect(await loadRuns(stranger, { sourceId: made.sourceId })).toEqual({ runs: [], nextCursor: null })
  expect(await loadRunLog(stranger, runId, '0')).toEqual({ lines: [], hasMore: false })
  expect((await loadRunLog(viewer, runId, '0')).lines).toMatchObject([{ level: 'info', message: 'Read' }])
})

test('an id that is no id is not found, and never reaches the database', async () => {
  const notFound = expect.objectContaining({ code: 'not_found' })
  await expect(loadSource(viewer, "'; drop table")).rejects.toEqual(notFound)
  await expect(loadRun(viewer, 'latest')).rejects.toEqual(notFound)
  await expect(loadRuns(viewer, { sourceId: made.sourceId, cursor: 'x~y' })).rejects.toEqual(expect.objectContaining({ code: 'invalid' }))
})

test('the pages of runs hold each run once, newest first, also where many were asked for at the same time', async () => {
  const queuedAt = new Date('2026-01-01T00:00:00Z')
  await prisma().syncRun.createMany({ data: Array.from({ length: 120 }, () => ({ id: newId(), workspaceId: made.workspaceId, sourceId: made.sourceId, schemaId: made.schemaIds[0]!, trigger: 'schedule', status: 'completed' as const, queuedAt })) })
  const seen: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await loadRuns(viewer, { sourceId: made.sourceId, cursor })
    seen.push(...page.runs.map((run) => run.id))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(seen).toHaveLength(120)
  expect(new Set(seen).size).toBe(120)
  expect(seen).toEqual([...seen].sort().reverse())
})

test('what a source shows of its configuration holds no secret, and says which ones are set', async () => {
  const sourceId = newId()
  await insertSource({ id: sourceId, workspaceId: made.workspaceId, connector: 'postgres', name: 'Sealed', prefix: 'sealed_', config: { host: 'db.example.com', port: 5432 }, sealedSecrets: sealSecrets(sourceId, { password: 'hunter2hunter2' }) }, [])
  const source = await loadSource(viewer, sourceId)
  expect(source).toMatchObject({ config: { host: 'db.example.com' }, setSecrets: ['password'] })
  expect(JSON.stringify(source)).not.toContain('hunter2')
})

test('the progress of a source whose lists tell no size counts its schemas, and one that starts does not throw it back', async () => {
  const first = await addRun(0, { status: 'running', rowsRead: 500, rowsExpected: 1_000 })
  const second = await addRun(1, { status: 'queued' })
  await addRun(2, { status: 'queued' })
  const progress = async () => (await loadSources(viewer))[0]?.progress
  expect(await progress()).toBeCloseTo(0.5 / 3)
  await prisma().syncRun.update({ where: { id: first }, data: { status: 'completed', rowsRead: 1_000 } })
  expect(await progress()).toBeCloseTo(1 / 3)
  await prisma().syncRun.update({ where: { id: second }, data: { status: 'running', rowsRead: 10, rowsExpected: 1_000_000 } })
  expect(await progress()).toBeCloseTo(1 / 3)
})

test('a run tells how fast its source lets it read, and a schema how often it is listed', async () => {
  const runId = await addRun(0, { status: 'running', pace: '98 of about 100 requests a second' })
  await prisma().sourceSchema.update({ where: { id: made.schemaIds[0]! }, data: { discovered: { kind: 'list', tracking: 'changes', primaryKey: ['id'], columns: [] }, reconcileFrequency: 'week', reconciledAt: new Date('2026-01-01') } })
  await prisma().sourceSchema.update({ where: { id: made.schemaIds[1]! }, data: { discovered: { kind: 'list', tracking: 'changes', forgets: true, primaryKey: ['id'], columns: [] } } })
  const [first, second, third] = await loadSchemas(viewer, made.sourceId)
  expect(first).toMatchObject({ kind: 'list', tracking: 'changes', canReconcile: true, reconcileFrequency: 'week', reconciledAt: '2026-01-01T00:00:00.000Z', activeRun: { pace: '98 of about 100 requests a second' } })
  expect(second).toMatchObject({ tracking: 'changes', canReconcile: false, reconcileFrequency: null, reconciledAt: null })
  expect(third).toMatchObject({ tracking: null, canReconcile: false })
  expect(await loadRun(viewer, runId)).toMatchObject({ pace: '98 of about 100 requests a second' })
})

test('what a connector keeps in its bookmark stays on the server; the rest of a report is shown', async () => {
  const report = { schema: 'table_0', table: 't', method: 'incremental', fullReason: 'the changes were lost', rowsRead: 1, inserted: 1, updated: 0, deleted: 0, rows: 1, bytes: 1, seconds: {}, totalSeconds: 1, version: 1, isChanged: true, warnings: [{ column: null, message: 'Looked back 30 days' }] }
  const byBookmark = await addRun(0, { status: 'completed', report: { ...report, cursor: { bookmark: { event: 'evt_1' } } } })
  const byKey = await addRun(1, { status: 'completed', report: { ...report, cursor: { column: 'updated_at', value: '2026-01-01' } } })
  const shown = await loadRun(viewer, byBookmark)
  expect(shown.report).toMatchObject({ fullReason: 'the changes were lost', cursor: { bookmark: {} }, warnings: [{ column: null, message: 'Looked back 30 days' }] })
  expect(JSON.stringify(shown)).not.toContain('evt_1')
  expect((await loadRun(viewer, byKey)).report?.cursor).toEqual({ column: 'updated_at', value: '2026-01-01' })
})
