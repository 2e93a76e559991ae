import { prisma } from '@/lib/db/client'
import { listHeldVersions } from '@/lib/db/held-versions'
import { listActiveRuns } from '@/lib/db/runs'
import { updateSchemas } from '@/lib/db/schemas'
import { startSync } from '@/lib/syncs/start-sync'
import type { History } from './generate'
import { readTable, type Found } from './read-table'
import type { Room } from './room'
import { SourceModel, type Table } from './source-model'
import { SourceTable } from './source-table'
import { differenceWords, expectSync, isSame, sizeWords, type Expected } from './table-model'

export interface Run {
  runId: string
  isFull: boolean
  isRepair: boolean
}

/** The table of a history, and what it has to hold. */
export class Subject {
  table: Table | null = null
  held: Table | null = null
  version: number | null = null
  /** What each version held when it was the current one. */
  readonly versions = new Map<number, Table>()

  private constructor(private readonly room: Room, readonly history: History, readonly source: SourceTable, readonly sourceId: string, readonly schemaId: string) {}

  static async make(room: Room, history: History): Promise<Subject> {
    const source = new SourceTable(room.source, room.sourceUrl, history, new SourceModel(history))
    await source.make()
    const { method, replicationKey, proves, brakePercent } = history.settings
    const { sourceId, schemaId } = await room.link(room.workspaceId, source.name, { method: method === 'full' ? 'full' : 'incremental', replicationKey, keyColumns: method === 'full' ? [] : source.keys, reconcileFrequency: method === 'reconciled' ? 'day' : null })
    await updateSchemas(room.workspaceId, [schemaId], { proves, brakePercent })
    return new Subject(room, history, source, sourceId, schemaId)
  }

  get workspaceId(): string {
    return this.room.workspaceId
  }

  /** Ask for a sync, as the pages do; one that waits already is taken with what was asked of it before. */
  async startRun(wish: { isFull?: boolean; isRepair?: boolean } = {}): Promise<Run> {
    // as if a day had passed since the table was compared with its source
    if (this.history.settings.method === 'reconciled') await prisma().sourceSchema.update({ where: { id: this.schemaId }, data: { reconciledAt: null } })
    await startSync(this.workspaceId, [this.schemaId], { isFull: false, ...wish, trigger: 'manual', isEnqueued: false })
    const [run] = await listActiveRuns(this.workspaceId, [this.schemaId])
    if (run?.status !== 'queued') throw new Difference(`the run that was asked for is ${run?.status ?? 'not there'}`)
    return { runId: run.id, isFull: run.isFull, isRepair: run.isRepair }
  }

  expectRun({ isFull, isRepair }: Run): Expected {
    const { method, brakePercent } = this.history.settings
    return expectSync(this.table, this.source.model.table(), { method, isFull, isRepair, brakePercent })
  }

  /** What the table holds now must be one of these; gives which one. */
  async look(allowed: (Table | null)[], what: string): Promise<Table | null> {
    const found = await this.read()
    for (const words of found?.trouble ?? []) throw new Difference(`${what}: ${words}`)
    const table = found?.table ?? null
    const match = allowed.find((each) => isSame(table, each))
    if (match === undefined) throw new Difference(`${what}: the table is ${allowed.map((each) => `not the one of ${sizeWords(each)} (${differenceWords(table, each)})`).join(', and ')}`)
    this.table = match
    this.version = found?.version ?? null
    if (found) this.versions.set(found.version, found.table)
    else this.versions.clear()
    return match
  }

  /** Each row is as it was or as its source has it, and none is gone that both have. */
  async lookBetween(what: string): Promise<void> {
    const found = await this.read()
    for (const words of found?.trouble ?? []) throw new Difference(`${what}: ${words}`)
    if (!found) throw new Difference(`${what}: there is no version`)
    const { table: former } = this
    const source = this.source.model.table()
    const strange = [...found.table].find(([key, text]) => text !== former?.get(key) && text !== source.get(key))
    const lost = [...source].find(([key]) => former?.has(key) && !found.table.has(key))
    if (strange || lost) throw new Difference(`${what}: not compared, and ${strange ? `${strange[1]} is neither the former row nor that of the source` : `${lost?.[1]} is gone`}`)
    this.table = found.table
    this.version = found.version
    this.versions.set(found.version, found.table)
  }

  async read(version?: number): Promise<Found | null> {
    return readTable(this.workspaceId, this.schemaId, this.history.key, version)
  }

  /** The run that brought the version which waits; null when none does. */
  async heldRun(): Promise<string | null> {
    return (await listHeldVersions(this.workspaceId)).find((row) => row.schemaId === this.schemaId)?.runId ?? null
  }
}

/** Something is not as it has to be. */
export class Difference extends Error {}
