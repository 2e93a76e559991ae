import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { publishHeldVersion } from '@/lib/db/held-versions'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import { runReadOnly } from '@/lib/warehouse/query/run-read-only'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { MemorySource, column } from '@/test/memory-source'
import { sync, tableRows, type Schema } from '@/test/sync-room'
import { changeRetention } from './change-retention'
import { changeWorkspaceRetention } from './change-workspace-retention'
import { listTableVersions } from './list-table-versions'
import { tableCatalogue } from './table-catalogue'
import { workspaceRetention } from './workspace-retention'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await coolDownQueries()
  await database.drop()
})

const DAY_MS = 86_400_000

async function makeWorkspace(): Promise<string> {
  return (await prisma().workspace.create({ data: { id: newId(), name: 'Of its own' } })).id
}

function rows(count: number): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT')])
  source.primaryKey = ['id']
  source.rows = Array.from({ length: count }, (_, id) => [String(id)])
  return source
}

/** A table of so many versions, each of them made the given number of days ago. */
async function tableOf(workspaceId: string, versions: number, daysAgo = 1): Promise<Schema> {
  const made = await makeSource(1, {}, workspaceId)
  const schema = { workspaceId, sourceId: made.sourceId, schemaId: String(made.schemaIds[0]) }
  for (let version = 1; version <= versions; version++) await sync(schema, rows(version))
  await age(schema, daysAgo)
  return schema
}

const age = ({ schemaId }: Schema, days: number) => prisma().tableVersion.updateMany({ where: { schemaId }, data: { createdAt: new Date(Date.now() - days * DAY_MS) } })
const kept = async ({ workspaceId, schemaId }: Schema) => (await listTableVersions(workspaceId, schemaId)).versions.map(({ number }) => number)
const own = ({ workspaceId, schemaId }: Schema, versions: number | null, days?: number | null) => changeRetention(workspaceId, { schemaId, versions, days })

it('a workspace decides for its tables, a table for itself, and no workspace for another; what is not sent is not changed', async () => {
  const [ours, theirs] = [await makeWorkspace(), await makeWorkspace()]
  const [follows, stubborn, foreign] = [await tableOf(ours, 4), await tableOf(ours, 4), await tableOf(theirs, 4)]
  await changeWorkspaceRetention(ours, { versions: 2 })
  await own(stubborn, 3)
  expect((await listTableVersions(ours, follows.schemaId)).retention).toMatchObject({ versions: 2, isOwnVersions: false, usualVersions: 2, days: 7 })
  expect((await listTableVersions(ours, stubborn.schemaId)).retention).toMatchObject({ versions: 3, isOwnVersions: true, usualVersions: 2 })
  expect(await workspaceRetention(ours)).toEqual({ versions: 2, days: 7, isOwnVersions: true, isOwnDays: false, usualVersions: 20, usualDays: 7, ownTables: 1 })
  await sweepFiles()
  expect([await kept(follows), await kept(stubborn), await kept(foreign)]).toEqual([[4, 3], [4, 3, 2], [4, 3, 2, 1]])
  await changeWorkspaceRetention(ours, { days: 400 })
  await own(stubborn, null)
  await sweepFiles()
  expect(await kept(stubborn)).toEqual([4, 3])
})

it('days of the workspace keep what the installation would forget, and forget what it would keep; each of a table goes by itself', async () => {
  const ours = await makeWorkspace()
  const [long, short] = [await tableOf(ours, 3, 20), await tableOf(ours, 3, 20)]
  await changeWorkspaceRetention(ours, { days: 30 })
  await own(short, null, 10)
  await sweepFiles()
  expect([await kept(long), await kept(short)]).toEqual([[3, 2, 1], [3]])
  await changeWorkspaceRetention(ours, { days: null })
  await sweepFiles()
  expect(await kept(long)).toEqual([3])
})

it('a version that a query is about to read, and one that waits for somebody to decide, outlive the least that a workspace can keep', async () => {
  const ours = await makeWorkspace()
  const [asked, waiting] = [await tableOf(ours, 3, 40), await tableOf(ours, 1, 40)]
  await sync(waiting, rows(1_200))
  const held = await sync(waiting, rows(10), { brakePercent: 30 })
  expect(held).toMatchObject({ isChanged: false, held: { reason: 'removed' } })
  await changeWorkspaceRetention(ours, { versions: 1, days: 0 })
  const { tableName } = await prisma().sourceSchema.findUniqueOrThrow({ where: { id: asked.schemaId } })
  const catalogue = tableCatalogue(ours, { time: null, versions: [{ table: tableName, version: 1 }] })
  const swept = { ...catalogue, find: async (names: string[], isListing?: boolean) => {
    const found = await catalogue.find(names, isListing)
    await age(waiting, 40)
    await sweepFiles()
    return found
  } }
  expect((await runReadOnly(swept, `SELECT count(*) FROM ${tableName}`, { rowLimit: 1 })).rows).toEqual([['1']])
  expect(await kept(asked)).toEqual([3, 1])
  await publishHeldVersion({ ...waiting, runId: null })
  expect(await tableRows(waiting, { select: 'count(*)' })).toEqual([['10']])
}, 120_000)

it('a workspace that is not there is refused', async () => {
  await expect(changeWorkspaceRetention(newId(), { versions: 1 })).rejects.toMatchObject({ code: 'not_found' })
  await expect(workspaceRetention(newId())).rejects.toMatchObject({ code: 'not_found' })
})
