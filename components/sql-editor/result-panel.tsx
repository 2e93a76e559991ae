'use client'

import { Ban, Copy, TerminalSquare } from 'lucide-react'
import { useMemo, useState } from 'react'
import { EmptyState } from '@/components/shell/empty-state'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { copyText } from '@/components/ui/copy-text'
import { Kbd } from '@/components/ui/kbd'
import { Spinner } from '@/components/ui/spinner'
import { toast } from '@/components/ui/toaster'
import { formatBytes, formatCount, formatDateTime, formatDuration, formatQuantity } from '@/lib/core/format'
import type { AsOf, QueryResult } from '@/lib/sql-editor/schema'
import { CellPanel } from './cell-panel'
import { rowsAsText } from './cell-text'
import { ExportMenu } from './export-menu'
import { modKey } from './mod-key'
import { ResultGrid } from './result-grid'
import { sortedIndexes, type SortBy } from './sort-rows'
import { useElapsed } from './use-elapsed'
import type { CellPlace } from './use-grid-keys'
import type { QueryState } from './use-query-run'

/** A query that takes less than this shows its result at once, without a flash in between. */
const PATIENCE_MS = 250

/** Below the editor: what became of the query. */
export function ResultPanel({ state, previous, position, onCancel }: { state: QueryState; previous: QueryState | null; position: { line: number; column: number } | null; onCancel(): void }) {
  const elapsed = useElapsed(state.status === 'running' ? state.startedAt : null)
  if (state.status === 'running') {
    if (previous?.status === 'done' && (elapsed ?? 0) < PATIENCE_MS) return <Result key={previous.id} sql={previous.sql} asOf={previous.asOf} result={previous.result} />
    return (
      <div className="flex flex-1 flex-col items-center justify-center gap-3 text-muted-foreground">
        <p role="status" className="flex items-center gap-2"><Spinner className="text-running" />Running the query</p>
        <p className="text-lg text-foreground tabular-nums" aria-hidden>{((elapsed ?? 0) / 1_000).toFixed(1)} s</p>
        <Button variant="outline" size="sm" onClick={onCancel}>Cancel<Kbd>Esc</Kbd></Button>
      </div>
    )
  }
  if (state.status === 'failed') {
    const { error } = state.failure
    const detail = [position ? `Line ${position.line}, column ${position.column}` : '', error.detail].filter(Boolean).join(': ')
    return <div className="min-h-0 flex-1 overflow-auto p-3"><ErrorState error={{ ...error, detail: detail || undefined }} /></div>
  }
  if (state.status === 'cancelled') return <EmptyState className="py-10" icon={<Ban />} title="The query was cancelled">Nothing of it was kept.</EmptyState>
  if (state.status === 'done') return <Result key={state.id} sql={state.sql} asOf={state.asOf} result={state.result} />
  return <EmptyState className="py-10" icon={<TerminalSquare />} title="Results appear here">Write a query, then press <Kbd>{modKey()}</Kbd> <Kbd>Enter</Kbd>. A click on a table or a column puts its name where the cursor is.</EmptyState>
}

function Result({ sql, asOf, result }: { sql: string; asOf: AsOf | null; result: QueryResult }) {
  const [sort, setSort] = useState<SortBy | null>(null)
  const [cell, setCell] = useState<CellPlace | null>(null)
  const order = useMemo(() => sortedIndexes(result.rows, result.columns, sort), [result, sort])
  const column = cell ? result.columns[cell.column] : undefined
  const copyAll = async (): Promise<void> => {
    const rows = order.map((index) => result.rows[index] ?? [])
    if (await copyText(rowsAsText(result.columns, rows))) toast.success(`${formatQuantity(rows.length, 'row')} copied, with their column names`, { duration: 2_000 })
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="relative flex min-h-0 flex-1">
        <ResultGrid result={result} order={order} sort={sort} onSort={setSort} onOpenCell={setCell} />
        {cell && column ? (
          <CellPanel column={column} value={result.rows[order[cell.row] ?? -1]?.[cell.column]} row={cell.row} rows={order.length} onMove={(row) => setCell({ ...cell, row })} onClose={() => setCell(null)} />
        ) : null}
      </div>
      <footer className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-t px-3 py-1 text-sm">
        <p role="status" className="flex flex-wrap items-center gap-x-3 text-muted-foreground tabular-nums">
          <span className="text-foreground">{result.isTruncated ? `First ${formatQuantity(result.rows.length, 'row')}` : formatQuantity(result.rows.length, 'row')}</span>
          <span>{formatDuration(result.durationMs)}</span>
          {result.bytesRead === null ? null : <span>{formatBytes(result.bytesRead)} read</span>}
          {result.asOf?.map(({ table, version, since, isCurrent }) => <span key={table} className="text-waiting" title={`The version of ${formatDateTime(since)}`}>{table} as of version {formatCount(version)}{isCurrent ? ', the current one' : ''}</span>)}
          {sort ? <span>Sorted here{result.isTruncated ? `, within the first ${formatCount(result.rows.length)}` : ''}</span> : null}
        </p>
        <div className="ml-auto flex items-center gap-2">
          <Button variant="ghost" size="sm" onClick={() => void copyAll()} disabled={result.rows.length === 0}><Copy aria-hidden />Copy</Button>
          <ExportMenu sql={sql} asOf={asOf} />
        </div>
      </footer>
    </div>
  )
}
