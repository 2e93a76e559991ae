import type { ColumnChange } from '@/lib/core/column-change'
import type { ErrorView } from '@/lib/core/errors'
import type { DiscoveredSchema, TablesConnector } from '@/lib/connectors/contract'
import type { HeldDifference } from '@/lib/core/held-difference'
import type { Cursor } from '@/lib/warehouse/version'

export type Step = 'plan' | 'extract' | 'merge' | 'compare' | 'publish' | 'compact'

/** All that a sync of one schema needs; made by the run-sync verb, run by runPipeline. */
export interface SyncJob {
  workspaceId: string
  schemaId: string
  runId: string
  /** The fence of the run's lease: a commit with an older one is refused. */
  fence: number
  tableName: string
  connector: TablesConnector
  config: unknown
  /** As discovery saw it at the start of this run. */
  discovered: DiscoveredSchema
  method: 'full' | 'incremental'
  replicationKey: string | null
  /** How far below its cursor an incremental read begins; absent or null for the usual one of the key's type. */
  lookBack?: number | null
  keyColumns: string[]
  /** Null for every column. */
  columnNames: string[] | null
  /** Read everything again, whatever the method. */
  isFull: boolean
  /** For a schema that tracks changes: is it time to list everything, for deletions that nobody told? */
  isListingDue?: boolean
  /** Whether the table is compared with its source; absent: it is not. */
  compare?: Comparing
  /** Of a full table: compare the version that is there, and read nothing but what differs. */
  isCompareOnly?: boolean
  /** From which share of the rows on, in percent, a version is held for somebody to decide; null or absent for never. */
  brakePercent?: number | null
  /** How often a long read is made safe against a kill; limits.checkpointSeconds unless told otherwise. */
  checkpointSeconds?: number
  /** From which size on a table is read part by part, how big a part is, how many are read at once, and with how many connections the read begins; limits.parts unless told otherwise, and one. */
  parts?: { fromBytes: number; bytes: number; atOnce?: number; connections?: number }
  signal: AbortSignal
  onProgress(progress: Progress): void
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void
}

export interface Comparing {
  /** After each sync; null: as long as the table has few rows enough (limits.compare.provenRows). */
  proves: boolean | null
  /** In this run in any case: it is time, or somebody asked for it. */
  isDue: boolean
  /** Bring what differs in line, in the same commit. Else it is only told. */
  mends: boolean
  /** Somebody asked for what differs to be brought in line: a run whose comparison comes to no end has failed then. */
  isRepair?: boolean
}

export interface Progress {
  step: Step
  rowsRead: number
  bytesRead: number
  rowsExpected: number | null
  /** How fast the source lets us read, in words. */
  pace?: string | null
}

/** What a run did. Kept as JSON with the run and printed by the command line. */
export interface SyncReport {
  schema: string
  table: string
  method: 'full' | 'incremental'
  /** Why an incremental schema was read whole: first sync, new column, changed type, asked for, the changes were lost. */
  fullReason: string | null
  rowsRead: number
  inserted: number
  updated: number
  deleted: number
  /** Rows of the table after the run. */
  rows: number
  /** Bytes read from the source. */
  bytes: number
  /** Over how many connections to the source they came; absent for one. */
  connections?: number
  seconds: Record<Step, number>
  totalSeconds: number
  /** The current version after the run; it is the one from before when nothing changed. */
  version: number
  isChanged: boolean
  /** What it read waits for somebody to decide, or did; without a decision, a later sync has taken its place. The numbers of rows above are those of the table as it stays. */
  held?: HeldDifference & { decision?: 'published' | 'discarded' }
  cursor: Cursor | null
  /** Of a table of files: what became of its objects. */
  objects?: {
    listed: number
    unchanged: number
    /** New ones that were read. */
    added: number
    /** Those whose rows were replaced, since they changed. */
    replaced: number
    /** Those whose rows are gone, since they are. */
    removed: number
    setAsideCount: number
    /** The first of those that could not be read. */
    setAside: { address: string; problem: ErrorView }[]
  }
  /** Of a table that was compared with its source. */
  proof?: ProofReport
  /** What its version has otherwise in its columns than the table had before the run. */
  columns?: ColumnChange[]
  warnings: { column: string | null; message: string }[]
}

/** What a comparison with the source said. */
export interface ProofReport {
  /** `failed`: it came to no end. */
  outcome: 'verified' | 'differs' | 'failed'
  /** Rows at the source. */
  rows: number
  /** Ranges of the key that were compared, and those of them that were read row by row. */
  ranges: number
  rangesRead: number
  /** What came over the wire for it. */
  bytes: number
  seconds: number
  /** The rows that differed; null where they were not read. */
  differences: { gone: number; missing: number; different: number } | null
  /** Were they brought in line? Then `deleted` rows were gone, and `fetched` were missing or different. */
  reconciled: { deleted: number; fetched: number } | null
  problem: ErrorView | null
}
