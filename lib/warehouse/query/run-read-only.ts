import { untilEnded } from '@/lib/core/ending'
import { limits } from '@/lib/core/limits'
import { converse, type SandboxSource } from './converse'
import { makeDeletionVectorLater } from './deletion-vectors'
import type { RowsWork } from './messages'
import { withQueryProcess } from './query-queue'
import { catalogueOf, prepareSandbox } from './sandbox-setup'
import type { CellValue, NamedTable, QueryResult, TableCatalogue } from './types'

/** A result is cut when it would take more than this as JSON. */
const RESULT_BYTES_MAX = 64 * 1024 * 1024

export interface ReadOnlyOptions {
  rowLimit: number
  signal?: AbortSignal
  /** Whose query it is (a workspace): at full load everybody gets a fair share. */
  queueKey?: string
}

/**
 * Run one SELECT (or the EXPLAIN of one) over the given tables, in a process that can reach nothing else. Throws
 * QueryError: code `query` with a position, `cancelled`, or `timeout`.
 */
export async function runReadOnly(tables: NamedTable[] | TableCatalogue, sql: string, options: ReadOnlyOptions): Promise<QueryResult> {
  const rows: CellValue[][] = []
  const work: RowsWork = { kind: 'rows', rowLimit: options.rowLimit, bytesLimit: RESULT_BYTES_MAX }
  const signal = untilEnded(options.signal)
  const source = sandboxOf(tables)
  const result = await withQueryProcess(options.queueKey ?? '', signal, async (child) => {
    const done = await converse(child, source, sql, work, limits.querySeconds, signal, (more) => rows.push(...more))
    return { columns: done.columns, rows, isTruncated: done.isTruncated, durationMs: done.durationMs, bytesRead: done.bytesRead }
  })
  for (const { snapshot } of source.read) makeDeletionVectorLater(snapshot)
  return result
}

/** The tables that people's SQL may name. `read`: those that it did name. */
export function sandboxOf(tables: NamedTable[] | TableCatalogue): SandboxSource & { read: NamedTable[] } {
  const catalogue = Array.isArray(tables) ? catalogueOf(tables) : tables
  const read: NamedTable[] = []
  return {
    read,
    async prepare(judged, folder, signal) {
      const prepared = await prepareSandbox(catalogue, judged, folder, signal)
      read.push(...prepared.tables)
      return prepared.setup
    },
    tableNames: async () => (await catalogue.names()).flatMap((table) => [table.name, table.dottedName]),
  }
}
