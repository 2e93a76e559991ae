import type { Batch, TablesConnector, DiscoveredSchema, ReadRequest, SourceColumn } from '@/lib/connectors/contract'
import { z } from 'zod'

export type Row = (string | null)[]

export const column = (name: string, type: string, change: Partial<SourceColumn> = {}): SourceColumn => ({ name, type, sourceType: type.toLowerCase(), encoding: 'plain', nullable: true, ...change })

/** A field as the connector contract wants it: unquoted \N for NULL, quotes around everything else. */
export function csvField(value: string | null): string {
  return value === null ? '\\N' : `"${value.replaceAll('"', '""')}"`
}

/** A table in memory that a sync can read: what is upstream in tests of the pipeline. Values are texts, as they travel. */
export class MemorySource {
  rows: Row[] = []
  primaryKey: string[] = []
  /** Called before each batch is given, with its number; may throw, wait, abort or kill. */
  onBatch: (number: number) => void | Promise<void> = () => undefined
  /** Rows per batch. */
  batchRows = 1000
  requests: ReadRequest[] = []
  /** Compares two replication keys; numbers by default. */
  compare: (a: string, b: string) => number = (a, b) => Number(a) - Number(b)

  constructor(public columns: SourceColumn[]) {}

  get discovered(): DiscoveredSchema {
    return { name: 'things', location: { table: 'things' }, kind: 'table', columns: this.columns, primaryKey: this.primaryKey, rowsEstimate: this.rows.length, bytesEstimate: null, replicationKeys: [], problem: null }
  }

  get connector(): TablesConnector {
    const read = (_: unknown, request: ReadRequest) => this.read(request)
    return { id: 'memory', label: 'Memory', group: 'managed', category: 'test', description: '', config: z.unknown(), instructions: [], suggestName: () => 'memory', check: async function* () {}, discover: async () => [this.discovered], read }
  }

  private async *read(request: ReadRequest): AsyncGenerator<Batch> {
    this.requests.push(request)
    const indexes = request.columns.map(({ name }) => this.columns.findIndex((known) => known.name === name))
    const rows = this.rows.filter((row) => this.isSince(row, request)).map((row) => [...row])
    for (let at = 0, number = 0; at < rows.length; at += this.batchRows, number++) {
      await this.onBatch(number)
      const batch = rows.slice(at, at + this.batchRows)
      const text = batch.map((row) => indexes.map((index) => csvField(row[index] ?? null)).join(',') + '\n').join('')
      yield { kind: 'bytes', bytes: Buffer.from(text), rows: batch.length }
    }
  }

  private isSince(row: Row, { since }: ReadRequest): boolean {
    if (!since) return true
    const value = row[this.columns.findIndex(({ name }) => name === since.column)]
    return value === null || value === undefined || this.compare(value, since.from) >= 0
  }
}
