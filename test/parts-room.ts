import type { Batch, SourceSnapshot, TablesConnector } from '@/lib/connectors/contract'
import type { SourceRoom } from './compare-room'
import { claimedRun, endRuns, jobFor, tableRows, type JobChange, type Schema, type SyncSource } from './sync-room'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import type { SyncReport } from '@/lib/pipeline/types'

/** Parts of four pages, and a checkpoint after each. */
export const smallParts = { parts: { fromBytes: 0, bytes: 4 * 8192 }, checkpointSeconds: 0 } satisfies JobChange

/** The same over so many connections from the beginning on. */
export const over = (connections: number) => ({ parts: { ...smallParts.parts, connections } }) satisfies JobChange

/** Holds whoever comes until so many are there. */
export function gate(count: number): () => Promise<void> {
  let here = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return () => {
    if (++here === count) open()
    return opened
  }
}

/** A source whose reads are counted and may be cut. */
export class CutSource implements SyncSource {
  /** Called before a part is asked for; may throw or kill. */
  onPart: (number: number, isJoined: boolean) => void | Promise<void> = () => undefined
  /** Called for each batch of a connection that joined; may throw. */
  onJoinedBatch: () => void = () => undefined
  /** Called when a batch of a connection that joined was taken, before its part is at its end; may throw. */
  onJoinedTaken: () => void = () => undefined
  /** Called before a connection joins; may throw. */
  onJoin: () => void = () => undefined
  joined = 0
  moments = 0
  parts: number[] = []
  rowsOfParts = 0
  rowsOfRanges = 0
  lines: string[] = []

  constructor(private readonly source: SyncSource) {}

  get discovered() {
    return this.source.discovered
  }

  get primaryKey() {
    return this.source.primaryKey
  }

  get connector(): TablesConnector {
    const { connector } = this.source
    return { ...connector, openSnapshot: async (...args) => {
      const moment = await connector.openSnapshot?.(...args)
      if (!moment) throw new Error('There is no snapshot')
      this.moments++
      return this.counted(moment)
    } }
  }

  forget(): void {
    Object.assign(this, { moments: 0, parts: [], rowsOfParts: 0, rowsOfRanges: 0, lines: [], onPart: () => undefined, onJoinedBatch: () => undefined, onJoinedTaken: () => undefined, onJoin: () => undefined, joined: 0 })
  }

  private counted(moment: SourceSnapshot): SourceSnapshot {
    return {
      ...(moment.horizon === undefined ? {} : { horizon: moment.horizon }),
      read: (request) => this.read(moment, request),
      summarise: (request) => moment.summarise?.(request) ?? Promise.reject(new Error('There are no checksums')),
      join: async (signal) => {
        this.onJoin()
        const reader = await moment.join?.(signal)
        if (!reader) throw new Error('Nobody can join')
        this.joined++
        return { read: (request) => this.read(reader, request, true), close: () => reader.close() }
      },
      divide: (request) => moment.divide?.(request) ?? Promise.resolve(null),
      close: () => moment.close(),
    }
  }

  private async *read(moment: Pick<SourceSnapshot, 'read'>, request: Parameters<SourceSnapshot['read']>[0], isJoined = false): AsyncGenerator<Batch> {
    if (request.part) {
      await this.onPart(request.part.number, isJoined)
      this.parts.push(request.part.number)
    }
    for await (const batch of moment.read(request)) {
      if (isJoined) this.onJoinedBatch()
      if (batch.kind === 'bytes') this[request.within ? 'rowsOfRanges' : 'rowsOfParts'] += batch.rows
      yield batch
      if (isJoined) this.onJoinedTaken()
    }
  }
}

export const cut = new Error('The connection was cut')

/** A sync that is cut before it asks for a part. */
export async function cutSync(schema: Schema, source: CutSource, change: JobChange, part: number): Promise<void> {
  source.onPart = (number) => {
    if (number === part) throw cut
  }
  const error = await partsSync(schema, source, change).catch((each: unknown) => each)
  source.forget()
  if (error !== cut) throw new Error(`The sync was not cut: ${error instanceof Error ? error.stack : JSON.stringify(error)}`)
}

export async function partsSync(schema: Schema, source: CutSource, change: JobChange): Promise<SyncReport> {
  const run = await claimedRun(schema)
  try {
    return await runPipeline(jobFor(schema, run, source, { ...smallParts, log: (_, line) => void source.lines.push(line), ...change }))
  } finally {
    await endRuns(schema)
  }
}

/** Each row of a table as one text, in order: at the source, and here. */
export async function bothTables(room: Pick<SourceRoom, 'client'>, schema: Schema, name: string): Promise<{ source: string[]; ours: string[] }> {
  const { rows } = await room.client.query<Record<string, unknown>>(`SELECT * FROM ${name}`)
  const ours = await tableRows(schema)
  const asText = (value: unknown) => (value === null ? null : String(value))
  return { source: rows.map((row) => JSON.stringify(Object.values(row).map(asText))).sort(), ours: ours.map((row) => JSON.stringify(row)).sort() }
}
