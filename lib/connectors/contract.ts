import type { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'
import type { SourceColumn } from '@/lib/core/source-column'

export type { Encoding, SourceColumn } from '@/lib/core/source-column'

export interface ReplicationKey {
  name: string
  /** The type in the source's own words. */
  type: string
  ok: boolean
  /** Why it cannot serve; null when ok. */
  reason: string | null
  /** What to know when it serves: nullable, not indexed. */
  warnings: string[]
}

/** Where a connector finds a schema; parsed by the connector alone. */
export type Location = Record<string, string>

/** One table-like thing that a source offers, as discovery saw it. */
export interface DiscoveredSchema {
  /** The name people see and type. */
  name: string
  location: Location
  kind: 'table' | 'partitioned table' | 'view' | 'materialised view' | 'foreign table'
  columns: SourceColumn[]
  /** Column names in key order; empty without a primary key. */
  primaryKey: string[]
  rowsEstimate: number | null
  bytesEstimate: number | null
  replicationKeys: ReplicationKey[]
  /** Why it cannot be read, with advice; null when it can. */
  problem: ErrorView | null
}

/** One line of a connection check, in the order of checking. After a failed one nothing follows. */
export interface CheckStep {
  id: string
  /** "Address found", "Port open", "Signed in". */
  label: string
  status: 'ok' | 'warning' | 'failed'
  detail?: string
  error?: ErrorView
}

export interface ReadRequest {
  location: Location
  /** The columns to read, in this order; a column that did not fit its type comes again as VARCHAR, `plain`. */
  columns: SourceColumn[]
  /**
   * Rows whose replication key is at or above `from` (its text form), and rows where it is NULL.
   * Absent: every row.
   */
  since?: { column: string; from: string }
  /** Where a batch is cut: at the first row end after this many bytes. */
  batchBytes: number
}

/**
 * One bounded piece of a schema's rows: CSV without a header, `,` between fields, `"` as quote and escape,
 * an unquoted `\N` for NULL, each row ended by one line feed, in UTF-8.
 * `bytes` are only valid until the next batch is asked for. The cursor that covers it is the greatest replication key that the stage
 * reads from the staged Parquet, so that rows and bookmark cannot be separated.
 */
export interface BytesBatch {
  kind: 'bytes'
  bytes: Uint8Array
  rows: number
}

export type Batch = BytesBatch

export interface Instruction {
  title: string
  text: string
  /** SQL or commands to copy. */
  code?: string
}

/**
 * Code that can read one kind of outside system. It reads and maps: it never writes, retries, or
 * returns nothing for a failure. Every failure is an AppError in words.
 */
export interface Connector<Config = unknown> {
  id: string
  label: string
  group: 'managed' | 'self-managed'
  category: string
  description: string
  /** Fields with `.meta({ label, help, secret, … })`; the form, the stored secret and the docs come from it. */
  config: z.ZodType<Config>
  instructions: Instruction[]
  /** A name for a new source: the database's name. */
  suggestName(config: Config): string
  /** Checks from the outside in: address, port, TLS, sign-in, permissions. Ends after the first failure. */
  check(config: Config, signal: AbortSignal): AsyncIterable<CheckStep>
  /** Every schema, or only those at the given locations (a location that is gone is left out). */
  discover(config: Config, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]>
  /** All batches of one read come from one snapshot. Ending the iteration early frees the source at once. */
  read(config: Config, request: ReadRequest, signal: AbortSignal): AsyncIterable<Batch>
}
