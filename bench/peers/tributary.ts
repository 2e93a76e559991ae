import path from 'node:path'
import { mkdirSync } from 'node:fs'
import { z } from 'zod'
import { projectFolder } from '@/lib/core/env'
import { listSchemas } from '@/lib/db/schemas'
import { findSnapshot } from '@/lib/db/versions'
import { objectStore } from '@/lib/warehouse/object-store'
import { scanSql } from '@/lib/warehouse/scan-sql'
import type { Bench } from '../bench-workspace'
import type { Contender } from './contender'
import { runTree } from './process-tree'

const Outcome = z.object({ outcome: z.string(), seconds: z.number(), error: z.unknown() })

/** The product itself: one sync in a process of its own, timed from its start to its end as the others are. */
export function tributary(bench: Bench): Contender {
  let places = 0
  return {
    name: 'Tributary',
    version: 'this one',
    way: 'a first and then an incremental sync, into Parquet of its warehouse, without the proof',
    async enter({ table }, folder) {
      const sourceId = await bench.link(table, `peers_${++places}`)
      const script = path.join(projectFolder(), 'bench', 'sync-once.ts')
      const sync = async () => {
        const ran = await runTree({ program: process.execPath, args: ['--import', 'tsx', script, bench.workspaceId, sourceId, table, 'incremental'], env: process.env })
        const { outcome, seconds, error } = Outcome.parse(JSON.parse(ran.stdout))
        if (outcome !== 'completed') throw new Error(`the sync ended as ${outcome}: ${JSON.stringify(error)}`)
        return { ...ran, inner: seconds }
      }
      const written = async () => {
        const schema = (await listSchemas(bench.workspaceId, { sourceId })).find(({ name }) => name === table)
        const snapshot = schema && (await findSnapshot(bench.workspaceId, schema.id))
        if (!snapshot) throw new Error('the table has no version')
        const held = path.join(folder, 'held')
        mkdirSync(held, { recursive: true })
        return { from: `(${scanSql(snapshot, await objectStore().hold([...snapshot.dataFiles, ...snapshot.deleteFiles], held))})` }
      }
      return { load: sync, merge: sync, written }
    },
  }
}
