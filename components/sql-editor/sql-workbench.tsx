'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useNonce } from '@/components/ui/nonce'
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet'
import type { AsOf, QueryRunView, SavedQueryView } from '@/lib/sql-editor/schema'
import type { TableView } from '@/lib/tables/schema'
import { AsOfStrip } from './as-of-strip'
import type { EditorHandle, EditorProblem } from './code-editor'
import { quoteName } from './quote-name'
import { ResultPanel } from './result-panel'
import { SaveQueryDialog } from './save-query-dialog'
import { SplitPane } from './split-pane'
import { SqlSidebar } from './sql-sidebar'
import { SqlToolbar } from './sql-toolbar'
import { sqlRequest } from './sql-request'
import { useQueryRun, type QueryState } from './use-query-run'
import { useSqlDraft } from './use-sql-draft'

const CodeEditor = dynamic(() => import('./code-editor'), { ssr: false, loading: () => <div role="status" aria-label="Loading the editor" className="h-full" /> })

interface Lists {
  saved: SavedQueryView[]
  runs: QueryRunView[]
}

interface SqlWorkbenchProps {
  workspaceId: string
  lists: Lists
  /** The saved query of the address. */
  opened: { id: string; name: string; sql: string; asOf: AsOf | null } | null
  /** The table of the address: its first rows are shown at once. */
  table: string | null
  /** Its version, where it is not the current one. */
  version: number | null
}

const noTables: TableView[] = []

/** The SQL screen: tables, editor, results. */
export function SqlWorkbench({ workspaceId, lists, opened: openedFirst, table, version }: SqlWorkbenchProps) {
  const nonce = useNonce()
  const editor = useRef<EditorHandle | null>(null)
  const draft = useSqlDraft(workspaceId)
  const { state, run, cancel } = useQueryRun()
  const [opened, setOpened] = useState<{ id: string; name: string } | null>(openedFirst)
  const [asOf, setAsOf] = useState(() => firstAsOf(openedFirst, table, version))
  const [text, setText] = useState<string | null>(null)
  const [isSaving, setIsSaving] = useState(false)
  const [isSheetOpen, setIsSheetOpen] = useState(false)
  const tables = useQuery({ queryKey: ['sql-tables'], queryFn: ({ signal }) => sqlRequest<TableView[]>('/api/sql/tables', undefined, signal), staleTime: 30_000 })
  const queries = useQuery({ queryKey: ['sql-queries'], queryFn: ({ signal }) => sqlRequest<Lists>('/api/sql/queries', undefined, signal), initialData: lists, staleTime: 60_000 })
  const previous = usePrevious(state)
  const isRunning = state.status === 'running'

  useEffect(() => {
    setText(openedFirst?.sql ?? (table ? previewSql(table) : draft.read()))
    // the address decides once, when the screen is opened
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  useEscape(isRunning, cancel)

  const change = (next: string): void => {
    setText(next)
    draft.write(next)
  }
  const runNow = useCallback(() => {
    const chosen = editor.current?.textToRun()
    if (chosen && chosen.sql.trim() !== '') run(chosen, asOf)
  }, [run, asOf])
  const open = (sql: string, then: AsOf | null, query: { id: string; name: string } | null): void => {
    editor.current?.replace(sql)
    setOpened(query)
    setAsOf(then)
    setIsSheetOpen(false)
    editor.current?.focus()
  }
  const preview = (shown: TableView): void => {
    open(previewSql(shown.name), null, null)
    run({ sql: previewSql(shown.name), offset: 0 }, null)
  }
  const problem = useMemo(() => problemOf(state), [state])
  const sidebar = (
    <SqlSidebar
      tables={tables.data ?? (tables.isError ? noTables : undefined)}
      saved={queries.data.saved}
      runs={queries.data.runs}
      onInsert={(name) => { editor.current?.insert(name); setIsSheetOpen(false) }}
      onPreview={preview}
      onOpenSaved={(query) => open(query.sql, query.asOf, { id: query.id, name: query.name })}
      onOpenRun={(shown) => open(shown.sql, shown.asOf, null)}
    />
  )

  return (
    <div className="flex h-[calc(100dvh-var(--header-height)-92px)] min-h-[420px] shrink-0">
      <aside aria-label="Tables and queries" className="hidden w-72 shrink-0 border-r lg:block">{sidebar}</aside>
      <SidebarSheet isOpen={isSheetOpen} onOpenChange={setIsSheetOpen}>{sidebar}</SidebarSheet>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <SqlToolbar name={opened?.name ?? null} text={text} tables={tables.data ?? noTables} isRunning={isRunning} asOf={asOf} onAsOf={setAsOf} onRun={runNow} onCancel={cancel} onSave={() => setIsSaving(true)} onTables={() => setIsSheetOpen(true)} />
        {asOf ? <AsOfStrip asOf={asOf} onClear={() => setAsOf(null)} /> : null}
        <SplitPane
          top={text === null ? null : (
            <CodeEditor initialText={text} tables={tables.data ?? noTables} problem={problem} nonce={nonce} handleRef={editor} onChange={change} onRun={runNow} onCancel={() => (isRunning ? (cancel(), true) : false)} onReady={() => (table ? runNow() : editor.current?.focus())} />
          )}
          bottom={<ResultPanel state={state} previous={previous} position={problem && text !== null ? placeIn(text, problem.offset) : null} onCancel={cancel} />}
        />
      </div>
      {isSaving && text ? <SaveQueryDialog sql={text} asOf={asOf} opened={opened} onClose={() => setIsSaving(false)} onSaved={(query) => { setOpened(query); setIsSaving(false) }} /> : null}
    </div>
  )
}

/** The sidebar on a small screen. */
function SidebarSheet({ isOpen, onOpenChange, children }: { isOpen: boolean; onOpenChange(isOpen: boolean): void; children: ReactNode }) {
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent side="left" className="max-w-80 gap-0 p-0 pt-3">
        <SheetTitle className="sr-only">Tables and queries</SheetTitle>
        <SheetDescription className="sr-only">A click on a name puts it into the editor</SheetDescription>
        {children}
      </SheetContent>
    </Sheet>
  )
}

/** A saved query keeps as of when it was; a link from a list of versions names one. */
function firstAsOf(opened: SqlWorkbenchProps['opened'], table: string | null, version: number | null): AsOf | null {
  if (opened) return opened.asOf
  return table && version ? { time: null, versions: [{ table, version }] } : null
}

/** Escape cancels wherever the focus is; what took the key for itself (a menu, a list) has said so. */
function useEscape(isOn: boolean, act: () => void): void {
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOn, act])
}

function previewSql(table: string): string {
  return `SELECT *\nFROM ${quoteName(table)}\nLIMIT 100`
}

function problemOf(state: QueryState): EditorProblem | null {
  if (state.status !== 'failed' || !state.failure.position) return null
  return { error: state.failure.error, offset: state.offset + state.failure.position.offset }
}

function placeIn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** The state before the newest one. */
function usePrevious(state: QueryState): QueryState | null {
  const [kept, setKept] = useState<{ now: QueryState; before: QueryState | null }>({ now: state, before: null })
  if (kept.now !== state) setKept({ now: state, before: kept.now })
  return kept.now === state ? kept.before : kept.now
}
