'use client'

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, selectedCompletion } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { sql } from '@codemirror/lang-sql'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { useEffect, useRef, type RefObject } from 'react'
import type { ErrorView } from '@/lib/core/errors'
import type { TableView } from '@/lib/tables/schema'
import { duckdb } from './duckdb-dialect'
import { editorNamespace } from './editor-namespace'
import { editorTheme } from './editor-theme'
import { textToRun } from './statement-at'
import type { RunText } from './use-query-run'

/** What the screen does with the editor. */
export interface EditorHandle {
  /** Put a name where the cursor is. */
  insert(text: string): void
  /** Another text in place of this one; can be undone. */
  replace(text: string): void
  textToRun(): RunText
  focus(): void
}

export interface EditorProblem {
  error: ErrorView
  /** Where in the editor's text. */
  offset: number
}

interface CodeEditorProps {
  initialText: string
  tables: TableView[]
  problem: EditorProblem | null
  nonce: string | undefined
  handleRef: RefObject<EditorHandle | null>
  onChange(text: string): void
  onRun(): void
  /** Gives whether there was something to cancel. */
  onCancel(): boolean
  onReady(): void
}

/** The SQL editor. Loaded when the screen is opened, in a chunk of its own. */
export default function CodeEditor({ initialText, tables, problem, nonce, handleRef, onChange, onRun, onCancel, onReady }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const language = useRef(new Compartment())
  const initialTables = useRef(tables)
  // the newest functions, for an editor that is made once
  const calls = useRef({ onChange, onRun, onCancel })
  calls.current = { onChange, onRun, onCancel }

  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({ parent: host.current, state: EditorState.create({ doc: initialText, extensions: [extensions(calls, nonce), language.current.of(languageOf(initialTables.current))] }) })
    view.current = editor
    handleRef.current = handleOf(editor)
    onReady()
    return () => {
      handleRef.current = null
      view.current = null
      editor.destroy()
    }
    // made once: later texts come through the handle
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(tables)) })
  }, [tables])

  useEffect(() => {
    const editor = view.current
    if (editor) showProblem(editor, problem)
  }, [problem])

  return <div ref={host} className="h-full min-h-0 overflow-hidden" />
}

/** Keywords in capitals, functions and types as they are usually written. */
function languageOf(tables: TableView[]) {
  return sql({ dialect: duckdb, schema: editorNamespace(tables), keywordCompletion: (label, type) => ({ label: type === 'keyword' ? label.toUpperCase() : label, type, boost: -1 }) })
}

function extensions(calls: RefObject<Pick<CodeEditorProps, 'onChange' | 'onRun' | 'onCancel'>>, nonce: string | undefined) {
  const run = (editor: EditorView) => {
    // a list that stays open would take the Escape that is meant to cancel
    closeCompletion(editor)
    calls.current.onRun()
    return true
  }
  return [
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }, { key: 'Shift-Enter', run }, { key: 'Enter', run: leaveFinishedWord }])),
    // low: a list of completions that is open takes the Escape first
    Prec.low(keymap.of([{ key: 'Escape', run: () => calls.current.onCancel() }])),
    nonce ? EditorView.cspNonce.of(nonce) : [],
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ maxRenderedOptions: 60, icons: false }),
    highlightSelectionMatches(),
    placeholder('SELECT …'),
    EditorView.contentAttributes.of({ 'aria-label': 'SQL query', 'data-gramm': 'false', spellcheck: 'false', tabindex: '0' }),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) calls.current.onChange(update.state.doc.toString())
    }),
    editorTheme,
  ]
}

/** A word that is written to its end needs no completion: Enter is a new line then. */
function leaveFinishedWord(editor: EditorView): boolean {
  const completion = selectedCompletion(editor.state)
  const { head } = editor.state.selection.main
  if (completion && editor.state.sliceDoc(Math.max(0, head - completion.label.length), head).toLowerCase() === completion.label.toLowerCase()) closeCompletion(editor)
  return false
}

function handleOf(editor: EditorView): EditorHandle {
  return {
    insert(text) {
      const { from, to } = editor.state.selection.main
      const before = from > 0 ? editor.state.sliceDoc(from - 1, from) : ''
      const spaced = /[\s(.,]|^$/.test(before) ? text : ` ${text}`
      editor.dispatch({ changes: { from, to, insert: spaced }, selection: { anchor: from + spaced.length }, scrollIntoView: true, userEvent: 'input' })
      editor.focus()
    },
    replace(text) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, selection: { anchor: text.length }, userEvent: 'input' })
    },
    textToRun: () => textToRun(editor.state),
    focus: () => editor.focus(),
  }
}

/** Underline the word at the error's place, with the error's words on it. */
function showProblem(editor: EditorView, problem: EditorProblem | null): void {
  if (!problem) {
    editor.dispatch(setDiagnostics(editor.state, []))
    return
  }
  const length = editor.state.doc.length
  const at = Math.min(problem.offset, length)
  const word = editor.state.wordAt(at)
  const from = word && word.from <= at && at < word.to ? at : Math.min(at, Math.max(0, length - 1))
  const to = word && word.to > from ? word.to : Math.min(length, from + 1)
  const { title, detail, advice } = problem.error
  const message = [title, detail, advice].filter(Boolean).join('. ')
  editor.dispatch(setDiagnostics(editor.state, [{ from, to, severity: 'error', message }]), { effects: EditorView.scrollIntoView(from) })
}
