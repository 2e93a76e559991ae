'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { failureOf, readLines } from '@/components/connectors/read-lines'
import type { ErrorView } from '@/lib/core/errors'
import type { FilesPreview, FilesPreviewLine } from '@/lib/sources/files-schema'
import type { CheckStep, ConfigInput } from '@/lib/sources/schema'
import { readingKey, type TableDraft } from './table-draft'

/** How the files of one table were found. */
export interface TableCheck {
  /** What it was asked with: `checkKey` of the table and its source. */
  checkedKey: string
  isRunning: boolean
  steps: CheckStep[]
  /** Stays while the same table is looked at again, so that nothing jumps. */
  preview: FilesPreview | null
  /** The last preview of these files that could be read, for what is wrong now to be mended in. */
  lastGood: { of: string; preview: FilesPreview } | null
  /** Why the check could not be made at all; a step that failed is in `steps`. */
  error: ErrorView | null
}

/** The same files, however they are read. */
export function filesKey({ pattern, settings }: Pick<TableDraft, 'pattern' | 'settings'>): string {
  return `${settings.format} ${pattern.trim()}`
}

/** Where the files are: a config that is not saved yet, or a source. */
export interface CheckedSource {
  connector: string
  config: ConfigInput
  sourceId?: string
}

export function checkKey(source: CheckedSource, draft: TableDraft): string {
  return `${JSON.stringify(source)} ${readingKey(draft)}`
}

/** Were these files looked at as they are to be read, and can they be? */
export function isPassed(check: TableCheck | undefined, key: string): boolean {
  return check !== undefined && check.checkedKey === key && !check.isRunning && check.preview !== null && !check.preview.problem && !check.error
}

/** Check the tables of a form, each on its own. A new check of a table, `cancel` and leaving the page end the one under way. */
export function useTableChecks() {
  const [checks, setChecks] = useState<Readonly<Record<string, TableCheck>>>({})
  const running = useRef(new Map<string, AbortController>())

  const cancel = useCallback((key?: string) => {
    for (const [each, controller] of running.current) {
      if (key !== undefined && each !== key) continue
      controller.abort()
      running.current.delete(each)
      setChecks((all) => changed(all, each, { isRunning: false }))
    }
  }, [])
  useEffect(() => {
    const all = running.current
    return () => all.forEach((controller) => controller.abort())
  }, [])

  const run = useCallback(async (source: CheckedSource, draft: TableDraft): Promise<TableCheck | null> => {
    running.current.get(draft.key)?.abort()
    const controller = new AbortController()
    running.current.set(draft.key, controller)
    const { key } = draft
    setChecks((all) => begun(all, key, checkKey(source, draft)))
    const outcome = await check(source, draft, controller.signal, (steps) => setChecks((all) => (all[key]?.preview ? all : changed(all, key, { steps }))))
    if (controller.signal.aborted) return null
    running.current.delete(key)
    const done = { ...outcome, checkedKey: checkKey(source, draft), isRunning: false }
    const good = outcome.preview && !outcome.preview.problem ? { of: filesKey(draft), preview: outcome.preview } : null
    setChecks((all) => ({ ...all, [key]: { ...done, lastGood: good ?? all[key]?.lastGood ?? null } }))
    return { ...done, lastGood: good }
  }, [])

  return { checks, run, cancel }
}

async function check(source: CheckedSource, { pattern, settings }: TableDraft, signal: AbortSignal, onSteps: (steps: CheckStep[]) => void): Promise<Pick<TableCheck, 'steps' | 'preview' | 'error'>> {
  const steps: CheckStep[] = []
  let preview: FilesPreview | null = null
  try {
    for await (const line of readLines<FilesPreviewLine>('/api/files/preview', { ...source, pattern: pattern.trim(), settings }, signal)) {
      if (line.kind === 'preview') preview = line.preview
      else {
        steps.push(line.step)
        onSteps([...steps])
      }
    }
    return { steps, preview, error: null }
  } catch (cause) {
    return { steps, preview: null, error: failureOf(cause) }
  }
}

/** A table that was seen before keeps what it shows until there is something new. */
function begun(all: Readonly<Record<string, TableCheck>>, key: string, checkedKey: string): Record<string, TableCheck> {
  const before = all[key]
  const seen = before?.preview ? { steps: before.steps, preview: before.preview } : { steps: [], preview: null }
  return { ...all, [key]: { ...seen, lastGood: before?.lastGood ?? null, checkedKey, isRunning: true, error: null } }
}

function changed(all: Readonly<Record<string, TableCheck>>, key: string, change: Partial<TableCheck>): Readonly<Record<string, TableCheck>> {
  const before = all[key]
  return before ? { ...all, [key]: { ...before, ...change } } : all
}
