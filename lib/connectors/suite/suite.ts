import { AppError, type ErrorView } from '@/lib/core/errors'
import type { Batch, BytesBatch, ChangesRequest, Connector, DiscoveredSchema, Location, ReadObserver, ReadRequest, RowsBatch } from '../contract'

/** A source for the suite: one schema of at least 1,000 rows. */
export interface SuiteSource {
  /** As the form sends it. */
  config: Record<string, unknown>
  /** The config with a wrong secret. */
  wrongSecret: Record<string, unknown>
  /** Texts that must never be seen in an error or a line of the log: the secrets, right and wrong. */
  secrets: string[]
  location: Location
  rows: number
  /** A location that is not there. */
  missing: Location
  /** How many sessions, locks or unanswered requests the source still holds for us. */
  held(): Promise<number>
}

export const never = new AbortController().signal
export const BATCH_BYTES = 16 * 1024

type ReadOptions = Partial<Pick<ReadRequest, 'columns' | 'since' | 'changes' | 'batchBytes' | 'location' | 'observer'>> & { config?: Record<string, unknown>; signal?: AbortSignal }

export class Suite<Config, Source extends SuiteSource = SuiteSource> {
  constructor(
    readonly connector: Connector<Config>,
    readonly source: () => Source,
    /** What a read of every row asks for besides. */
    private readonly everything: { changes?: ChangesRequest },
  ) {}

  config(given: Record<string, unknown> = this.source().config): Config {
    return this.connector.config.parse(given)
  }

  async discoverOne(): Promise<DiscoveredSchema> {
    const [schema] = await this.connector.discover(this.config(), never, [this.source().location])
    if (!schema) throw new Error('The schema of the suite is not discovered')
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
  const error: unknown = await work.then(() => undefined, (caught: unknown) => caught)
  if (error instanceof AppError) return error
  throw new Error('It did not fail in words', { cause: error })
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
