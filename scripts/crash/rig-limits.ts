import { limits } from '@/lib/core/limits'
import type { SyncSettings } from './generate'
import { BRAKE_FROM_ROWS } from './table-model'

const usual = { parts: { ...limits.parts }, checkpointSeconds: limits.checkpointSeconds, compaction: { ...limits.compaction } }

/** What is rare with the product's limits, since it is for tables of gigabytes, happens to tables of some hundred rows: the same code with smaller numbers. */
export function setLimits({ inParts, compacts }: Pick<SyncSettings, 'inParts' | 'compacts'>): void {
  Object.assign(limits.brake, { fromRows: BRAKE_FROM_ROWS })
  Object.assign(limits.parts, inParts ? { fromBytes: 0, bytes: 2 * 8_192 } : usual.parts)
  Object.assign(limits, { checkpointSeconds: inParts ? 0 : usual.checkpointSeconds })
  Object.assign(limits.compaction, compacts ? { smallFiles: 2, deletedRows: 5 } : usual.compaction)
}
