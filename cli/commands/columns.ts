import { columnFidelity } from '@/lib/sources/column-fidelity'
import { findTableId } from '@/lib/tables/find-table'
import { inWorkspace } from '../session'
import type { Terminal } from '../terminal'
import { textTable } from '../text-table'

/** The fidelity report of a table: what each column is upstream, what it becomes, and why. */
export async function columns(terminal: Terminal, table: string, { measure = false }: { measure?: boolean }): Promise<void> {
  await inWorkspace(terminal, async (workspaceId) => {
    const schemaId = await findTableId(workspaceId, table)
    const rows = await columnFidelity(workspaceId, schemaId, { isMeasured: measure, signal: terminal.signal })
    terminal.result(rows, () => textTable(
      ['column', 'upstream', 'here', 'verdict', 'why'],
      rows.map((row) => [row.column === null || row.column === row.name ? row.name : `${row.name} as ${row.column}`, row.sourceType, row.type, row.verdict, [row.reason, row.measured, row.change, row.since?.words].filter(Boolean).join('. ')]),
      new Set(),
      true,
    ))
  })
}
