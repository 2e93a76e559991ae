import { disconnect } from '@/lib/db/client'
import { peakMegabytes } from './peak-memory'
import { syncHere } from './sync-here'

// One sync in a process of its own that has done another before, then its seconds and the process's peak memory as JSON.
const [workspaceId = '', sourceId = '', schemaName = '', mode = '', sourceBefore = '', schemaBefore = ''] = process.argv.slice(2)
if (sourceBefore) await syncHere(workspaceId, sourceBefore, schemaBefore, 'full')
const done = await syncHere(workspaceId, sourceId, schemaName, mode)
console.log(JSON.stringify({ ...done, peakMegabytes: peakMegabytes() }))
await disconnect()
process.exit(0)
