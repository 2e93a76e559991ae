import type { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'
import type { KeyRange, RangeSummary } from '@/lib/core/key-range'
import type { SourceColumn } from '@/lib/core/source-column'
import type { ObjectAccess } from './objects/object-access'

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
  /** `list`: a list of objects that an API offers. `files`: the rows of files. */
  kind: 'table' | 'partitioned table' | 'view' | 'materialised view' | 'foreign table' | 'list' | 'files'
  columns: SourceColumn[]
  /** Another one when it was dropped and made anew under its name; absent where that cannot be told, or where it has no rows of its own. */
  identity?: string
  /** Column names in key order; empty without a primary key. */
  primaryKey: string[]
  rowsEstimate: number | null
  bytesEstimate: number | null
  replicationKeys: ReplicationKey[]
  /**
   * How an incremental sync finds what changed. Absent: by a replication key that people choose. `changes`: the connector
   * follows the source's own record of changes, deletions too, and keeps a bookmark of its own. `listing`: the source tells
   * nothing, and everything is listed each time. Both yield `rows` batches. `files`: new and changed objects of a store are read
   * (`FilesConnector`).
   */
  tracking?: 'changes' | 'listing' | 'files'
  /** May rows hold fields that are not among the columns? They become JSON columns by themselves. Only with `rows` batches. */
  isOpen?: boolean
  /** Does the source forget rows as they age? Then the warehouse keeps what it has: a row that is no longer listed is no deletion. */
  forgets?: boolean
  /** Can a snapshot of it be asked for checksums (`SourceSnapshot.summarise`)? */
  isComparable?: boolean
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
  /** Only rows whose key lies in one of the ranges, which are in order. */
  within?: { key: SourceColumn[]; ranges: KeyRange[] }
  /** Only the rows in some parts of a division. */
  part?: PartRange
  /** Only for a schema that tracks changes; it never comes together with `since`. */
  changes?: ChangesRequest
  /** Where a batch is cut: at the first row end after this many bytes. An API's batch is as long as its page. */
  batchBytes: number
  /** Told what people like to know while they wait. */
  observer?: ReadObserver
}

/** Count and checksum of the rows of each range, as docs/checksums.md defines them. */
export interface SummaryRequest {
  location: Location
  /** The columns that are compared, as they were read. */
  columns: SourceColumn[]
  /** In key order; empty where rows cannot be found by ranges, and then there is one range, of everything. */
  key: SourceColumn[]
  /** In order, and without overlaps. */
  ranges: KeyRange[]
}

export interface Summary {
  /** One for each range that was asked for. */
  ranges: RangeSummary[]
  /** What came over the wire for it. */
  bytes: number
}

export interface DivisionRequest {
  location: Location
  /** A table with fewer bytes is not worth it. */
  fromBytes: number
  /** About so many for each part. */
  partBytes: number
  /** By which another moment was read: it is given again as long as most rows are still where they were. */
  former: Division | null
}

/** A read of every row, cut into parts: at one moment each row is in exactly one of them. */
export interface Division {
  parts: number
  /** How they are found: JSON that only the connector understands, and parses when it gets it back. Short. */
  by: Bookmark
}

/** Parts that lie side by side. */
export interface PartRange {
  division: Division
  /** From 0 on. */
  number: number
  /** So many from there on; absent: one. */
  count?: number
}

/**
 * `everything`: every row there is; with a bookmark, of a read that was interrupted, only what it does not cover yet.
 * `changes`: what changed since the bookmark, which is always there. A connector that can no longer tell what changed since
 * then throws ChangesLost before its first batch.
 */
export interface ChangesRequest {
  read: 'everything' | 'changes'
  bookmark?: Bookmark
}

/** Where to go on: JSON that only the connector understands, and parses when it gets it back. At most 64 kB. */
export type Bookmark = Record<string, unknown>

/** What a read tells while it goes on. The rows do not depend on it. */
export interface ReadObserver {
  /** A line for the run's log. */
  log(level: 'debug' | 'info' | 'warn', message: string): void
  /** How many rows it will have read at its end, and its pace in words: "98 of about 100 requests a second". Null: not known. */
  progress(progress: { rowsExpected: number | null; pace: string | null }): void
  /** A sentence for the run's report: what was unusual, and what was done about it. */
  warn(message: string): void
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

/**
 * Objects of an API, as they are: the stage picks the fields of the requested columns by their names and writes each value by
 * its column's type. First the removals take effect, on every row read before, and then the rows.
 */
export interface RowsBatch {
  kind: 'rows'
  /** By the column names upstream; a field that is missing is NULL. */
  rows: Record<string, unknown>[]
  /**
   * Each removes every row that has these values in these columns: `{ id: 'cus_1' }`, or `{ invoice: 'in_1' }` for all lines of an invoice.
   * A text is read as a value of the column, as one in a row would be: a UUID in capitals finds its row.
   */
  removals: Record<string, string>[]
  /**
   * Covers this batch and every one before it: a later read that is handed it misses nothing. Absent: this batch is only
   * covered by the bookmark of a later one. The last batch of a read must have one; it may be without rows.
   */
  bookmark?: Bookmark
  /** What came over the wire for it, in bytes. */
  bytes: number
}

export type Batch = BytesBatch | RowsBatch

export interface Instruction {
  title: string
  text: string
  /** SQL or commands to copy. */
  code?: string
  /** A page of the outside system where this is done. */
  link?: { label: string; url: string }
}

/**
 * Code that can read one kind of outside system. It reads and maps: it never writes, retries, or
 * returns nothing for a failure. Every failure is an AppError in words.
 */
interface AnyConnector<Config> {
  id: string
  label: string
  /** `managed`: copied and kept fresh. `self-managed`: files in one's own bucket. */
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
  /**
   * For a connector whose schemas are the same for everybody: what the schema at a location is, without asking; null when there is
   * none. A sync then does not discover first: its read tells what is wrong.
   */
  describe?(location: Location): DiscoveredSchema | null
  /** Every schema, or only those at the given locations (a location that is gone is left out). */
  discover(config: Config, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]>
  /**
   * What the first rows of a schema hold in those of these columns whose type alone does not tell: how many digits, from when to when. A sentence each, by column; columns of which
   * there is nothing to say are left out. Bounded: it reads some thousand rows, and ends after a few seconds.
   */
  measure?(config: Config, location: Location, columns: SourceColumn[], signal: AbortSignal): Promise<Record<string, string>>
}

/** A connector whose schemas are tables of its own. */
export interface TablesConnector<Config = unknown> extends AnyConnector<Config> {
  /** All batches of one read come from one snapshot. Ending the iteration early frees the source at once. */
  read(config: Config, request: ReadRequest, signal: AbortSignal): AsyncIterable<Batch>
  /**
   * For a source that can be asked more than once about one moment: the moment is now. A sync reads from it, and keeps it until its version is
   * committed, so that a later step can ask the same rows again. `signal` ends everything that is asked of it. `floorOf`: the replication key
   * of a first read, for which the horizon should tell a floor.
   */
  openSnapshot?(config: Config, location: Location, signal: AbortSignal, floorOf?: { column: string; type: string }): Promise<SourceSnapshot>
}

/** One moment of a schema at its source: whatever is asked of it sees the same rows, several things at once too. */
export interface SourceSnapshot {
  /** Who may still commit rows that this moment does not show; in words, why the source cannot tell. Absent: there is no such thing. */
  horizon?: Horizon | string
  /** As the connector's own `read`. A read that ends early may take the snapshot with it: it is closed then, and another one opened. */
  read(request: ReadRequest): AsyncIterable<Batch>
  /** Absent: the source cannot be asked for checksums, and its tables are never compared with ours. */
  summarise?(request: SummaryRequest): Promise<Summary>
  /** How a read of every row can be cut into parts, so that an interrupted one goes on; in words, why not. Null: it is short. Absent: the source has no such thing. */
  divide?(request: DivisionRequest): Promise<Division | string | null>
  /**
   * One more connection that sees this moment, for who reads several parts at once. Rejects, within a moment, where the source does not let us or has none to
   * spare. Absent: the source has no such thing.
   */
  join?(signal: AbortSignal): Promise<JoinedReader>
  /** Frees the source, whatever is still being asked. May be called again; never fails. */
  close(): Promise<void>
}

/** A connection beside that of a snapshot. What fails over it may be read by the snapshot itself. */
export interface JoinedReader {
  /** One read at a time. It refuses rows of some megabytes, since several connections need the room for one each. */
  read(request: ReadRequest): AsyncIterable<Batch>
  /** May be called again; never fails. */
  close(): Promise<void>
}

/**
 * Transactions that had begun before a moment of the source and were not over: what they commit later may lie below replication keys that were read
 * already. Each is known by a name that the connector alone understands, and that means the same at a later moment.
 */
export interface Horizon {
  /** All of them. */
  open: string[]
  /** Who begins after this moment writes no key below these, as texts by the key's type in the warehouse: the source's clock. */
  clock: Partial<Record<string, string>>
  /** For the key that was asked for: a value that `holdsFor`, the ones of `open` that began last, write no key below. Null: not known. */
  floor: { value: string; holdsFor: string[] } | null
  /**
   * Which transactions of a former moment may still not be over. One that is missing is over, and this moment shows what it committed. A name that
   * was not given stands for some of those that are missing: they may be over or not.
   */
  stillOpen(names: string[]): string[]
  /** Who these are, since when, and how to end them: sentences for the report. */
  describe(names: string[]): string
}

/**
 * A connector of a store of objects. People say which of them make a table, by a pattern, and what format they have; the connector lists them and gives
 * their bytes, and knows nothing of formats. `discover` finds nothing, unless the store knows its tables by itself (the worksheets of a workbook).
 */
export interface FilesConnector<Config = unknown> extends AnyConnector<Config> {
  files: {
    /** What a pattern looks like here, for the form. */
    patternExample: string
    patternHelp: string
    /** Is a pattern a list of addresses, each on a line of its own? */
    isList?: boolean
    /** Of a store that knows its tables: `discover` finds them all, people choose among them as among those of a database, and they are read so. */
    ownTables?: { settings: FilesSettings }
    /** Are the files put here by people, on a page of ours? Then `config.folder` is where, and the form asks for files in place of a pattern. */
    byHand?: boolean
    /** Throws AppError `invalid` with words for a pattern that this connector cannot have: another cloud's address, another bucket's. */
    checkPattern(config: Config, pattern: string): void
    /** Goes on from `check`, for one table: the bucket is there, its objects may be listed, some match, the first of them may be read. Ends after the first failure. */
    check(config: Config, pattern: string, signal: AbortSignal): AsyncIterable<CheckStep>
    /** The objects of a table. Asks nothing of the store yet. */
    open(config: Config, pattern: string): ObjectAccess
  }
}

export type Connector<Config = unknown> = TablesConnector<Config> | FilesConnector<Config>

export function isFilesConnector<Config>(connector: Connector<Config>): connector is FilesConnector<Config> {
  return 'files' in connector
}
