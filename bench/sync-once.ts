import { disconnect } from '@/lib/db/client'
import { peakMegabytes } from './peak-memory'
import { syncHere } from './sync-here'

// One sync in a process of its own, then its seconds and the process's peak memory as JSON.
const [workspaceId = '', sourceId = '', schemaName = '', mode = ''] = process.argv.slice(2)
const done = await syncHere(workspaceId, sourceId, schemaName, mode)
console.log(JSON.stringify({ ...done, peakMegabytes: peakMegabytes() }))
await disconnect()
process.exit(0)
