import { AppError, type ErrorView } from '@/lib/core/errors'
import type { Batch, BytesBatch, ChangesRequest, CheckStep, TablesConnector, DiscoveredSchema, Location, ReadObserver, ReadRequest, RowsBatch } from '../contract'

/** A source for the suite: one schema of at least 1,000 rows. */
export interface SuiteSource {
  /** As the form sends it. */
  config: Record<string, unknown>
  /** The config with a wrong secret. */
  wrongSecret: Record<string, unknown>
  /** Texts that must never be seen in an error or a line of the log: every secret of every config here, right, wrong and unscoped. */
  secrets: string[]
  location: Location
  rows: number
  /** A location that is not there. */
  missing: Location
  /** How many sessions, locks or unanswered requests the source still holds for us. */
  held(): Promise<number>
}

/** A source whose changes the connector follows by itself. */
export interface TrackedSource extends SuiteSource {
  /** A config whose secret may not read the schema, and what must be granted, as people know it. */
  unscoped: { config: Record<string, unknown>; scope: string }
  /**
   * Lets an hour or more pass by the source's own clock, then creates, changes and deletes a few of the oldest rows. Gives the primary
   * keys, several columns with `/` between them, of the rows that were written and of those that are gone. Called many times, also in
   * the middle of a load.
   */
  change(): Promise<{ written: string[]; removed: string[] }>
}

export const never = new AbortController().signal
export const BATCH_BYTES = 16 * 1024

type ReadOptions = Partial<Pick<ReadRequest, 'columns' | 'since' | 'changes' | 'batchBytes' | 'location' | 'observer'>> & { config?: Record<string, unknown>; signal?: AbortSignal }

export class Suite<Config, Source extends SuiteSource = SuiteSource> {
  constructor(
    readonly connector: TablesConnector<Config>,
    readonly source: () => Source,
    /** What a read of every row asks for besides. */
    private readonly everything: { changes?: ChangesRequest },
  ) {}

  config(given: Record<string, unknown> = this.source().config): Config {
    return this.connector.config.parse(given)
  }

  async discoverOne(): Promise<DiscoveredSchema> {
    const [schema] = await this.connector.discover(this.config(), never, [this.source().location])
    if (!schema) throw new Error(`discover gives no schema at the suite's location ${JSON.stringify(this.source().location)}`)
    return schema
  }

  /** A read of the schema: of every row, unless the options ask for less. */
  reading(schema: DiscoveredSchema, { config, signal = never, ...request }: ReadOptions = {}): AsyncIterable<Batch> {
    return this.connector.read(this.config(config), { location: schema.location, columns: schema.columns, batchBytes: BATCH_BYTES, ...this.everything, ...request }, signal)
  }

  /** Every batch, copied: the reader may use a batch's memory again. */
  async read(schema: DiscoveredSchema, options: ReadOptions = {}): Promise<Batch[]> {
    const list: Batch[] = []
    for await (const batch of this.reading(schema, options)) list.push(batch.kind === 'bytes' ? { ...batch, bytes: new Uint8Array(batch.bytes) } : structuredClone(batch))
    return list
  }
}

export function rowsOf(batch: Batch): number {
  return batch.kind === 'bytes' ? batch.rows : batch.rows.length
}

export function countRows(batches: Batch[]): number {
  return batches.reduce((sum, batch) => sum + rowsOf(batch), 0)
}

export function onlyBytes(batches: Batch[]): BytesBatch[] {
  return batches.filter((batch) => batch.kind === 'bytes')
}

export function onlyRows(batches: Batch[]): RowsBatch[] {
  return batches.filter((batch) => batch.kind === 'rows')
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The error of what must fail, which must be one in words. */
export async function failure(work: Promise<unknown>): Promise<ErrorView> {
  const error = await outcome(work)
  if (error instanceof AppError) return error
  if (error === null) throw new Error('It did not fail, and must fail in words')
  throw new Error(`It failed as ${nameOf(error)}, not in words: every failure is an AppError`, { cause: error })
}

/** What work failed with; null when it did not. */
export async function outcome(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => null, (caught: unknown) => caught ?? new Error('Nothing was thrown'))
}

/** "ZodError: …", for messages of tests. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.replace(/\s+/g, ' ').slice(0, 240)}` : String(error)
}

/** A line for each step of a check: "sign-in: failed (credentials: The token is not accepted)". */
export function stepsInWords(steps: CheckStep[]): string[] {
  return steps.map(({ id, status, error }) => `${id}: ${status}${error ? ` (${error.code}: ${error.title})` : ''}`)
}

/** An observer that keeps every line it is told. */
export function listener(): { observer: ReadObserver; lines: string[] } {
  const lines: string[] = []
  const observer: ReadObserver = {
    log: (_, message) => lines.push(message),
    warn: (message) => lines.push(message),
    progress: ({ pace }) => pace && lines.push(pace),
  }
  return { observer, lines }
}
