import { listSchemas } from '@/lib/db/schemas'
import { disconnect } from '@/lib/db/client'
import { findRun } from '@/lib/db/runs'
import { runSync } from '@/lib/syncs/run-sync'
import { startSync } from '@/lib/syncs/start-sync'
import { peakMegabytes } from './peak-memory'

// A worker's work in a process of its own: one sync of one schema, then its seconds and its peak memory as JSON.
const [workspaceId = '', sourceId = '', schemaName = '', mode = ''] = process.argv.slice(2)
const schema = (await listSchemas(workspaceId, { sourceId })).find((each) => each.name === schemaName)
if (!schema) throw new Error(`no schema ${schemaName}`)
const { runIds } = await startSync(workspaceId, [schema.id], { isFull: mode === 'full', isRepair: mode === 'repair', trigger: 'command-line' })
const began = performance.now()
const outcome = await runSync(runIds[0] ?? '', { owner: 'bench' })
const seconds = (performance.now() - began) / 1000
const run = await findRun(workspaceId, runIds[0] ?? '')
console.log(JSON.stringify({ outcome, seconds, peakMegabytes: peakMegabytes(), report: run?.report, error: run?.error }))
await disconnect()
process.exit(0)
