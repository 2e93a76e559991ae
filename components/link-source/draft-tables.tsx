import type { ReactNode } from 'react'
import { TableCard } from '@/components/files-table/table-card'
import { TableEditor } from '@/components/files-table/table-editor'
import type { TableDraft } from '@/components/files-table/table-draft'
import { cn } from '@/components/ui/cn'
import type { FilesForm } from '@/lib/sources/schema'
import type { LinkDraft } from './link-draft'
import type { useFilesForm } from './use-files-form'

interface DraftTablesProps {
  draft: LinkDraft
  files: FilesForm
  state: ReturnType<typeof useFilesForm>
  disabled: boolean
  /** Do the files themselves say which they are? Then nobody types it. */
  isPatternFixed?: boolean
  className?: string
  /** What stands below the tables. */
  children?: ReactNode
}

/** One table stands open by itself; several are cards, of which one is open. */
export function DraftTables({ draft, files, state, disabled, isPatternFixed, className, children }: DraftTablesProps) {
  const { tables } = draft
  const editor = (table: TableDraft, place: number) => ({
    form: files,
    draft: table,
    errors: state.errors.tables?.[place] ?? {},
    check: state.checkOf(table),
    isStale: !state.checks[table.key]?.isRunning && !state.isFresh(table),
    sourceFrequency: draft.frequency,
    isPatternFixed,
    disabled,
    onChange: state.changeTable,
    onCheck: state.checkTable,
  })
  const [only] = tables
  return (
    <section aria-labelledby="tables" className={cn('grid grid-cols-[minmax(0,1fr)] gap-4 border-t border-border pt-5', className)}>
      <h3 id="tables" className="font-semibold">{tables.length > 1 ? 'Tables' : 'Table'}</h3>
      {tables.length === 1 && only ? <TableEditor {...editor(only, 0)} /> : (
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {tables.map((table, place) => (
            <TableCard key={table.key} {...editor(table, place)} number={place + 1} isOpen={state.openKey === table.key} isPassed={state.passed(table)} onToggle={() => state.setOpenKey(state.openKey === table.key ? undefined : table.key)} onRemove={() => state.removeTable(table.key)} />
          ))}
        </ul>
      )}
      {children}
    </section>
  )
}
