import { isDeepStrictEqual } from 'node:util'
import { setEnv } from '@/lib/core/env'
import { findSnapshot } from '@/lib/db/versions'
import { startSync } from '@/lib/syncs/start-sync'
import { doWork } from './do-work'
import { generate } from './generate'
import { readTable } from './read-table'
import { newWorkspace, type Room } from './room'
import { SourceModel, type Table } from './source-model'
import { SourceTable } from './source-table'
import { differenceWords } from './table-model'

/** A table of another workspace, to which nothing may happen whatever happens beside it. */
export class Bystander {
  private constructor(private readonly room: Room, private readonly workspaceId: string, private readonly schemaId: string, private readonly table: Table, private readonly snapshot: unknown) {}

  static async make(room: Room): Promise<Bystander> {
    const history = { ...generate(0), seed: 0, key: 'id' as const, rows: 100, isWide: false }
    const source = new SourceTable(room.source, room.sourceUrl, history, new SourceModel(history))
    await source.make()
    const workspaceId = await newWorkspace('bystander')
    const { schemaId } = await room.link(workspaceId, source.name, { method: 'full', replicationKey: null, keyColumns: [] })
    const { runIds: [runId = ''] } = await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false })
    const outcome = await doWork({ verb: 'sync', runId })
    if (outcome !== 'completed') throw new Error(`The table of the other workspace could not be synced: ${outcome}`)
    return new Bystander(room, workspaceId, schemaId, source.model.table(), await findSnapshot(workspaceId, schemaId))
  }

  /** What has happened to it, in words. */
  async look(): Promise<string[]> {
    setEnv({ TRIBUTARY_DATA: this.room.disks.data('one') })
    const found = await readTable(this.workspaceId, this.schemaId, 'id')
    const words = differenceWords(found?.table ?? null, this.table)
    const isUntouched = isDeepStrictEqual(await findSnapshot(this.workspaceId, this.schemaId), this.snapshot)
    return [...(words === 'the same' ? [] : [`the table of another workspace: ${words}`]), ...(isUntouched ? [] : ['the version of another workspace is another one'])]
  }
}
