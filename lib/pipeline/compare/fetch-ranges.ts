import type { SourceColumn, SourceSnapshot } from '@/lib/connectors/contract'
import type { KeyRange } from '@/lib/core/key-range'
import { limits } from '@/lib/core/limits'
import { throwIfAborted, type Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import { BytesReader } from '../batch-reader'
import type { SyncPlan } from '../plan'
import { Stager, requestColumns } from '../stage'
import { formatOf } from '../stage-format'
import type { SyncJob } from '../types'

export interface Fetched {
  /** Local Parquet files. */
  files: string[]
  rows: number
  bytes: number
}

/** The rows of some ranges at the moment of the run, staged as those of a sync are. */
export async function fetchRanges(job: SyncJob, plan: SyncPlan, moment: SourceSnapshot, key: SourceColumn[], ranges: KeyRange[], { engine, scratch }: { engine: Engine; scratch: Scratch }): Promise<Fetched> {
  const format = formatOf(job, plan)
  const stager = new Stager(engine, scratch, format, () => undefined)
  const reader = new BytesReader(stager)
  try {
    for await (const batch of moment.read({ location: job.discovered.location, columns: requestColumns(format), batchBytes: limits.batchBytes, within: { key, ranges } })) {
      throwIfAborted(job.signal)
      await reader.add(batch)
      if (stager.failure) break
    }
    await stager.finish()
    return { files: stager.files.map(({ path }) => path), ...reader.totals }
  } finally {
    await stager.stop()
  }
}
