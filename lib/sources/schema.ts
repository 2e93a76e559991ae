import { z } from 'zod'
import type { ConfigField } from '@/lib/connectors/config-fields'
import type { DiscoveredSchema, Instruction, ReplicationKey, SourceColumn } from '@/lib/connectors/contract'
import type { ColumnChange } from '@/lib/core/column-change'
import type { ErrorView } from '@/lib/core/errors'
import { LONGEST_LOOK_BACK } from '@/lib/core/look-back'
import type { FilesSettings } from '@/lib/core/files-settings'
import type { HeldDifference } from '@/lib/core/held-difference'
import { Frequency, type RunView } from '@/lib/syncs/schema'
import { FilesTableInput } from './files-table-schema'

export type { CheckStep, DiscoveredSchema, ReplicationKey, SourceColumn } from '@/lib/connectors/contract'
export type { ConfigField } from '@/lib/connectors/config-fields'

/** Letters, digits and `_`; begins with a letter. */
export const Prefix = z
  .string()
  .trim()
  .toLowerCase()
  .max(40, 'Use 40 characters or fewer')
  .regex(/^([a-z][a-z0-9_]*)?$/, 'Use letters, digits and _, beginning with a letter')

/** The values of a connector's form: a secret left blank on an edit keeps its value. */
export const ConfigInput = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type ConfigInput = z.infer<typeof ConfigInput>

/** Whole seconds, or units of a number. */
const LookBack = z.number().int().min(0).max(LONGEST_LOOK_BACK)

export const SchemaChoice = z.object({
  name: z.string().min(1),
  method: z.enum(['full', 'incremental']),
  /** None for a schema that follows the changes that its source tells. */
  replicationKey: z.string().nullable().default(null),
  /** Null for the usual one of the key's type. */
  lookBack: LookBack.nullable().optional(),
  /** Needed for incremental where the table has no primary key. */
  keyColumns: z.array(z.string()).optional(),
  /** Null for every column, also those that appear later. */
  columnNames: z.array(z.string()).nullable().default(null),
})
export type SchemaChoice = z.infer<typeof SchemaChoice>

export const LinkSourceInput = z.object({
  connector: z.string(),
  name: z.string().trim().max(100).optional(),
  prefix: Prefix.default(''),
  config: ConfigInput,
  /** The schemas to enable; every other one is kept, disabled. */
  schemas: z.array(SchemaChoice),
  /** The tables of a source of files, whose store does not know them. */
  tables: z.array(FilesTableInput).max(100).default([]),
  frequency: Frequency.default('six_hours'),
})
export type LinkSourceInput = z.input<typeof LinkSourceInput>

export interface LinkedSource {
  sourceId: string
  name: string
  schemas: { id: string; name: string; table: string; method: 'full' | 'incremental' | null; enabled: boolean }[]
}

/** A setting that isn't sent isn't changed. */
export const ChangeSchemasInput = z.object({
  schemaIds: z.array(z.uuid()).min(1).max(10_000),
  change: z.object({
    enabled: z.boolean().optional(),
    method: z.enum(['full', 'incremental']).optional(),
    replicationKey: z.string().nullable().optional(),
    /** How far below its cursor an incremental read begins; null for the usual one of the key's type. */
    lookBack: LookBack.nullable().optional(),
    keyColumns: z.array(z.string()).optional(),
    columnNames: z.array(z.string()).nullable().optional(),
    frequency: Frequency.optional(),
    /** How often everything is listed again, for deletions that nobody told; null for never. */
    reconcileFrequency: Frequency.nullable().optional(),
    /** Compare it with its source after each sync; null: as long as it has few rows enough. */
    proves: z.boolean().nullable().optional(),
    /** From which share of the rows on a version waits for somebody to decide; null for never. */
    brakePercent: z.number().int().min(1).max(100).nullable().optional(),
  }),
})
export type ChangeSchemasInput = z.infer<typeof ChangeSchemasInput>

export const EditSourceInput = z.object({ sourceId: z.uuid(), name: z.string().trim().min(1).max(100).optional(), config: ConfigInput.optional() })
export type EditSourceInput = z.infer<typeof EditSourceInput>

export const SourceIdInput = z.object({ sourceId: z.uuid() })
export const SchemaIdInput = z.object({ schemaId: z.uuid() })

/** A connector of the catalogue, as the form sees it. */
export interface ConnectorView {
  id: string
  label: string
  group: 'managed' | 'self-managed'
  category: string
  description: string
  fields: ConfigField[]
  instructions: Instruction[]
  /** Of a connector whose tables people make themselves, from files: what they are asked. Null for every other one. */
  files: FilesForm | null
}

/** What the form of a table of files says about where they are. */
export interface FilesForm {
  patternExample: string
  patternHelp: string
  /** Is a pattern a list of addresses, each on a line of its own? */
  isList: boolean
  /** Do people put the files here themselves, on the page? */
  byHand: boolean
}

/** What is asked about a config before it is saved. */
export interface DiscoveredSource {
  suggestedName: string
  schemas: DiscoveredSchema[]
}

export type SchemaStatus = 'up_to_date' | 'queued' | 'running' | 'differs' | 'held' | 'failed' | 'paused' | 'never' | 'cancelled' | 'off'
export type SourceStatus = 'up_to_date' | 'syncing' | 'differs' | 'held' | 'failed' | 'paused' | 'never'

export interface SchemaView {
  id: string
  sourceId: string
  name: string
  tableName: string
  kind: DiscoveredSchema['kind']
  /** How an incremental sync finds what changed; null for a replication key. */
  tracking: NonNullable<DiscoveredSchema['tracking']> | null
  enabled: boolean
  method: 'full' | 'incremental' | null
  replicationKey: string | null
  /** How far below its cursor an incremental read begins; null for the usual one of the key's type. */
  lookBack: number | null
  primaryKey: string[]
  keyColumns: string[]
  /** Null for every column. */
  columnNames: string[] | null
  columnCount: number
  frequency: Frequency
  /** Can it be listed from time to time, for deletions that nobody told? */
  canReconcile: boolean
  /** How often that is; null for never. */
  reconcileFrequency: Frequency | null
  /** When every row was read or compared last. */
  reconciledAt: string | null
  /** Can it be compared with its source after a sync? */
  canProve: boolean
  /** Is it? Null: as long as it has few rows enough. */
  proves: boolean | null
  /** What the last comparison of the rows that the table has now said; that it differs is told until it is disproved. */
  proof: ProofView | null
  status: SchemaStatus
  rows: number
  rowsEstimate: number | null
  bytes: number
  version: number | null
  lastSyncedAt: string | null
  nextRunAt: string | null
  /** The queued or running run, live. */
  activeRun: RunView | null
  /** Why the last run failed or the schedule rests, in words. */
  problem: ErrorView | null
  lastRunId: string | null
  /** From which share of the rows on, in percent, a version waits for somebody to decide; null for never. */
  brakePercent: number | null
  /** The version that waits for somebody to decide; null when none does. */
  held: HeldView | null
  /** The last version with other columns than the one before; null when that was long ago. */
  columnNews: { version: number; at: string; changes: ColumnChange[] } | null
}

/** A version that waits for somebody to decide: why, and what brought it. */
export interface HeldView extends HeldDifference {
  runId: string
  /** When it was read. */
  at: string
}

/** What a comparison of a table with its source said, in short. */
export interface ProofView {
  outcome: 'verified' | 'differs' | 'failed'
  at: string
  /** The version that was compared. */
  version: number
  /** Has the table other rows by now? */
  isPast: boolean
  rows: number
  ranges: number
  /** The rows that differed; null where they were not read. */
  differences: { gone: number; missing: number; different: number } | null
  /** What was brought in line. */
  reconciled: { deleted: number; fetched: number } | null
  problem: ErrorView | null
}

/** With the first rows that differed, side by side. */
export interface ProofDetail extends ProofView {
  schemaId: string
  schemaName: string
  tableName: string
  runId: string
  rangesRead: number
  bytes: number
  seconds: number
  shown: { columns: string[]; key: string[]; rows: { kind: 'gone' | 'missing' | 'different'; source: (string | null)[] | null; ours: (string | null)[] | null }[] }
}

/** What the settings of one schema are chosen from. */
export interface SchemaSettings {
  schema: SchemaView
  /** Why deletions cannot be looked for in it by a comparison; null when they can. */
  reconcileRefusal: string | null
  columns: SourceColumn[]
  replicationKeys: ReplicationKey[]
  /** Of a table that is made of files. */
  files: { pattern: string; settings: FilesSettings } | null
}

/** What changed, as the status stream and its polling fallback send it. */
export interface StatusMessage {
  sources: SourceView[]
  schemas: SchemaView[]
  runs: RunView[]
  /** Sources that are gone. */
  removedSources: string[]
  /** Sources whose schemas changed in ways that are cheaper to load again than to send. */
  staleSources: string[]
  /** True after a gap: whatever is shown may be old. */
  isStale: boolean
}

export interface SourceView {
  id: string
  name: string
  connector: string
  connectorLabel: string
  group: ConnectorView['group']
  /** Do people make its tables themselves, from files? Then tables can be added and removed; null for every other source. */
  files: FilesForm | null
  prefix: string
  status: SourceStatus
  /** Of the enabled schemas; null when they differ or there is none. */
  frequency: Frequency | null
  lastSyncedAt: string | null
  rows: number
  enabledSchemas: number
  totalSchemas: number
  failedSchemas: number
  /** Those whose new version waits for somebody to decide. */
  heldSchemas: number
  /** Enabled ones that the last comparison found different from their source. */
  differingSchemas: number
  /** Those that were compared with their source at all. */
  comparedSchemas: number
  /** Those that have a table with data, enabled or not. */
  filledSchemas: number
  runningSchemas: number
  queuedSchemas: number
  /** The latest failure among the enabled schemas, else what differs from the source, and the schema that it is about. */
  problem: ErrorView | null
  problemSchema: string | null
  /** Rows read of rows expected over the running schemas, 0 to 1; null when nothing runs or it is not known. */
  progress: number | null
  /** The first few; runningSchemas and queuedSchemas count all. */
  activeRuns: RunView[]
  createdAt: string
}

/** A source with what its Configuration tab shows; secrets are never part of it. */
export interface SourceDetail extends SourceView {
  config: Record<string, string | number | boolean | null>
  fields: ConfigField[]
  /** The secret fields that have a value. */
  setSecrets: string[]
}
